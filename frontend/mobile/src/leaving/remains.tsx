import { Trans } from '@lingui/react/macro'
import { View } from 'react-native'
import { useFormat } from '../format.ts'
import { Lines } from '../ui/parts.tsx'
import { P } from '../ui/text.tsx'

interface Remaining {
  title: string
  basis: string
  until: string | null
}

/** What stays although the account goes: on which basis, until when. */
export function Remains({ remains }: { remains: readonly Remaining[] }) {
  const format = useFormat()
  if (remains.length === 0) return <P><Trans>Nothing remains.</Trans></P>
  return (
    <Lines>
      {remains.map((one) => (
        <View key={one.title}>
          <P strong>{one.title}</P>
          <P soft small>{one.basis}</P>
          <P soft small>{one.until ? <Trans>until {format.date(one.until)}</Trans> : <Trans>without an end</Trans>}</P>
        </View>
      ))}
    </Lines>
  )
}
