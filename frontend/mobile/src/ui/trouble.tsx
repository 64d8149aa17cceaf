import { Trans } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import { Text, View } from 'react-native'
import type { Trouble } from '../../../src/shared/api/refusal.ts'
import { useFormat } from '../format.ts'
import { useColours } from './look.ts'

/** Why something was not done, in one place and one manner for every screen. */
export function TroubleNote({ trouble, more = [], children }: { trouble: Trouble; more?: string[]; children?: ReactNode }) {
  const colours = useColours()
  const style = { color: colours.bad, fontSize: 16, lineHeight: 24 }
  return (
    <View role="alert" aria-live="assertive" testID="trouble" style={{ backgroundColor: colours.badWash, borderRadius: 12, padding: 16, gap: 8 }}>
      <Text style={style}><Words trouble={trouble} /></Text>
      {more.map((one) => <Text key={one} style={style}>{one}</Text>)}
      {children}
    </View>
  )
}

function Words({ trouble }: { trouble: Trouble }) {
  const format = useFormat()
  switch (trouble.kind) {
    case 'refused':
      return <>{trouble.refusal.message}{trouble.refusal.retryAt && <> <Trans>Try again at {format.dateTime(trouble.refusal.retryAt)}.</Trans></>}</>
    case 'lost':
      return <Trans>We could not reach the server. What you typed is kept: try again when you are connected.</Trans>
    case 'fault':
      return (
        <>
          <Trans>Something went wrong on our side; it is recorded. Please try again.</Trans>
          {trouble.requestId && <> <Trans>If it stays so, tell us this number: {trouble.requestId}</Trans></>}
        </>
      )
  }
}
