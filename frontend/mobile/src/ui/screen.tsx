import { useLingui } from '@lingui/react/macro'
import { type PropsWithChildren, type ReactNode, useEffect, useRef } from 'react'
import { Pressable, ScrollView, Text, View } from 'react-native'
import { useSafeAreaInsets } from 'react-native-safe-area-context'
import { attend } from './attention'
import { useColours } from './look.ts'
import { P } from './text.tsx'

interface ScreenProps extends PropsWithChildren {
  title: string
  lead?: ReactNode
  back?: (() => void) | undefined
}

/** One screen: its title, which a screen reader begins with, and what it is for. */
export function Screen({ title, lead, back, children }: ScreenProps) {
  const { t } = useLingui()
  const colours = useColours()
  const inset = useSafeAreaInsets()
  const heading = useRef<Text>(null)
  useEffect(() => attend(heading.current), [])
  return (
    <ScrollView
      role="main"
      style={{ flex: 1, backgroundColor: colours.ground }}
      contentContainerStyle={{ width: '100%', maxWidth: 640, alignSelf: 'center', gap: 16, paddingTop: inset.top + 12, paddingBottom: inset.bottom + 32, paddingHorizontal: 16 }}
      keyboardShouldPersistTaps="handled" automaticallyAdjustKeyboardInsets
    >
      {back && (
        <Pressable role="button" onPress={back} style={{ alignSelf: 'flex-start', minHeight: 44, justifyContent: 'center' }}>
          <Text style={{ color: colours.accent, fontSize: 16 }}>‹ {t`Back`}</Text>
        </Pressable>
      )}
      <View style={{ gap: 8 }}>
        <Text ref={heading} role="heading" aria-level={1} {...{ tabIndex: -1 }} style={{ color: colours.ink, fontSize: 26, lineHeight: 34, fontWeight: '700', outlineStyle: 'none' as 'solid' }}>{title}</Text>
        {lead && <P soft>{lead}</P>}
      </View>
      {children}
    </ScrollView>
  )
}
