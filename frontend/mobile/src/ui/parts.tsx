import { useLingui } from '@lingui/react/macro'
import type { PropsWithChildren, ReactNode } from 'react'
import { ActivityIndicator, Text, View } from 'react-native'
import type { Trouble } from '../../../src/shared/api/refusal.ts'
import { Button } from './button.tsx'
import { type Tone, toned, useColours } from './look.ts'
import { H2, P } from './text.tsx'
import { TroubleNote } from './trouble.tsx'

export function Card({ title, children }: PropsWithChildren<{ title?: string }>) {
  const colours = useColours()
  return (
    <View style={{ backgroundColor: colours.surface, borderColor: colours.line, borderWidth: 1, borderRadius: 12, padding: 16, gap: 12 }}>
      {title && <H2>{title}</H2>}
      {children}
    </View>
  )
}

/** Names and values, one under the other. */
export function Facts({ facts }: { facts: [string, ReactNode][] }) {
  return (
    <View style={{ gap: 12 }}>
      {facts.map(([name, value]) => (
        <View key={name}>
          <P soft small>{name}</P>
          <P>{value}</P>
        </View>
      ))}
    </View>
  )
}

export function Tag({ tone = 'plain', children }: PropsWithChildren<{ tone?: Tone }>) {
  const { ink, ground } = toned(useColours(), tone)
  return <Text style={{ color: ink, backgroundColor: ground, borderRadius: 10, overflow: 'hidden', paddingHorizontal: 8, fontSize: 13, lineHeight: 20, fontWeight: '500' }}>{children}</Text>
}

/** Things of a kind, with a line between them. */
export function Lines({ children }: { children: ReactNode[] }) {
  const colours = useColours()
  return (
    <View role="list">
      {children.map((one, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- what stands in a line has its own key
        <View key={index} role="listitem" style={index > 0 && { borderTopWidth: 1, borderColor: colours.line, paddingTop: 12, marginTop: 12 }}>{one}</View>
      ))}
    </View>
  )
}

/** Something to know; said aloud when it comes. */
export function Note({ tone = 'plain', title, children }: PropsWithChildren<{ tone?: Tone; title?: string }>) {
  const { ink, ground } = toned(useColours(), tone)
  return (
    <View role={tone === 'plain' ? 'none' : 'status'} aria-live="polite" style={{ backgroundColor: ground, borderRadius: 12, padding: 16, gap: 8 }}>
      {title && <Text style={{ color: ink, fontSize: 16, lineHeight: 24, fontWeight: '600' }}>{title}</Text>}
      {children}
    </View>
  )
}

/** In the place of what is not there yet: that it comes, or why it does not and the way to try again. */
export function NotYet({ trouble, again, busy = false }: { trouble: Trouble | undefined; again: () => void; busy?: boolean }) {
  const { t } = useLingui()
  const colours = useColours()
  if (trouble) return <TroubleNote trouble={trouble}><Button onPress={again} busy={busy} label={t`Try again`} /></TroubleNote>
  return <ActivityIndicator testID="waiting" size="large" color={colours.accent} aria-label={t`One moment`} style={{ marginTop: 48 }} />
}
