import { useLingui } from '@lingui/react/macro'
import { type PropsWithChildren, type ReactNode, useEffect, useRef } from 'react'
import { Platform, Pressable, ScrollView, Text, View } from 'react-native'
import { useSafeAreaInsets } from 'react-native-safe-area-context'
import { attend } from './attention'
import type { Trouble } from '../../../src/shared/api/refusal.ts'
import { useColours } from './look.ts'
import { P } from './text.tsx'
import { TroubleNote } from './trouble.tsx'

interface ScreenProps extends PropsWithChildren {
  title: string
  lead?: ReactNode
  back?: (() => void) | undefined
  /** Why something was not done: below what scrolls, so that it is seen wherever one pressed. */
  trouble?: Trouble | undefined
}

/** One screen: its title, which a screen reader begins with, and what it is for. */
export function Screen({ title, lead, back, trouble, children }: ScreenProps) {
  const { t } = useLingui()
  const colours = useColours()
  const inset = useSafeAreaInsets()
  const heading = useRef<Text>(null)
  useEffect(() => attend(heading.current), [])
  return (
    <View role="main" style={{ flex: 1, backgroundColor: colours.ground }}>
      <ScrollView
        contentContainerStyle={{ width: '100%', maxWidth: 640, alignSelf: 'center', gap: 16, paddingTop: inset.top + 12, paddingBottom: inset.bottom + 32, paddingHorizontal: 16 }}
        keyboardShouldPersistTaps="handled" automaticallyAdjustKeyboardInsets
      >
        {back && (
          <Pressable role="button" onPress={back} style={{ alignSelf: 'flex-start', minHeight: 44, justifyContent: 'center' }}>
            <Text style={{ color: colours.accent, fontSize: 16 }}>‹ {t`Back`}</Text>
          </Pressable>
        )}
        <View style={{ gap: 8 }}>
          <Text ref={heading} role="heading" aria-level={1} {...{ tabIndex: -1 }} style={{ color: colours.ink, fontSize: 26, lineHeight: 34, fontWeight: '700', ...(Platform.OS === 'web' && { outlineStyle: 'none' as 'solid' }) }}>{title}</Text>
          {lead && <P soft>{lead}</P>}
        </View>
        {children}
      </ScrollView>
      {trouble && <View style={{ width: '100%', maxWidth: 640, alignSelf: 'center', padding: 12, paddingBottom: inset.bottom + 12 }}><TroubleNote trouble={trouble} /></View>}
    </View>
  )
}
