import { useLingui } from '@lingui/react/macro'
import { type ReactNode, useEffect } from 'react'
import { Text, View } from 'react-native'
import type { Trouble } from '../../../src/shared/api/refusal.ts'
import { useFormat } from '../format.ts'
import { announce } from './attention'
import { useColours } from './look.ts'

/** Why something was not done, in one place and one manner for every screen; said aloud when it comes. */
export function TroubleNote({ trouble, more = [], children }: { trouble: Trouble; more?: string[]; children?: ReactNode }) {
  const colours = useColours()
  const words = useWords(trouble)
  useEffect(() => announce(words), [words])
  return (
    <View role="alert" aria-live="assertive" testID="trouble" style={{ backgroundColor: colours.badWash, borderRadius: 12, padding: 16, gap: 8 }}>
      {[words, ...more].map((one) => <Text key={one} style={{ color: colours.bad, fontSize: 16, lineHeight: 24 }}>{one}</Text>)}
      {children}
    </View>
  )
}

function useWords(trouble: Trouble): string {
  const { t } = useLingui()
  const format = useFormat()
  switch (trouble.kind) {
    case 'refused':
      return [trouble.refusal.message, trouble.refusal.retryAt && t`Try again at ${format.dateTime(trouble.refusal.retryAt)}.`].filter(Boolean).join(' ')
    case 'lost':
      return t`We could not reach the server. What you typed is kept: try again when you are connected.`
    case 'outdated':
      return t`This version of the app is older than our server, which no longer answers it. Please update the app.`
    case 'fault':
      return [t`Something went wrong on our side; it is recorded. Please try again.`, trouble.requestId && t`If it stays so, tell us this number: ${trouble.requestId}`].filter(Boolean).join(' ')
  }
}
