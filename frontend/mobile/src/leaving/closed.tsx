import { Trans, useLingui } from '@lingui/react/macro'
import { Text } from 'react-native'
import { useFormat } from '../format.ts'
import { signedOut, type Told } from '../session.ts'
import { Button } from '../ui/button.tsx'
import { useColours } from '../ui/look.ts'
import { Card, Facts, Note } from '../ui/parts.tsx'
import { Screen } from '../ui/screen.tsx'
import { P } from '../ui/text.tsx'
import { Remains } from './remains.tsx'

/** A closed account, to its owner: what remains, until when, and how to have it back. */
export function Closed({ told: { closure, certificateCode } }: { told: Told }) {
  const { t } = useLingui()
  const format = useFormat()
  const colours = useColours()
  const reason = closure.reason && (closure.termsClause ? `${closure.reason} (${closure.termsClause})` : closure.reason)
  return (
    <Screen
      title={certificateCode ? t`Your account is closed` : t`This account is closed`}
      lead={<Trans>Nobody can sign in to it any more. We erase it on {format.date(closure.eraseAt)}; never later than {format.date(closure.eraseBy)}, on any server.</Trans>}
    >
      {certificateCode && (
        <Note tone="good" title={t`Keep this code`}>
          <Text selectable testID="code" style={{ color: colours.ink, fontSize: 20, fontWeight: '600', letterSpacing: 1 }}>{certificateCode}</Text>
          <P><Trans>With it you can ask for the proof of your erasure on our website, without an account. It is in our letter too, and we show it only now.</Trans></P>
        </Note>
      )}
      <Card title={t`When`}>
        <Facts facts={[
          [t`Closed`, `${format.dateTime(closure.closedAt)} ${closure.by === 'CUSTOMER' ? t`by you` : t`by us`}`],
          ...(reason ? [[t`Why`, reason] as [string, string]] : []),
          [t`We erase it on`, format.dateTime(closure.eraseAt)],
          [t`Never later than`, format.dateTime(closure.eraseBy)],
        ]} />
      </Card>
      <Card title={t`What remains, and why`}><Remains remains={closure.remains} /></Card>
      <Card title={t`If you change your mind`}><P>{closure.howToRestore}</P></Card>
      <Button label={t`To signing in`} onPress={signedOut} />
    </Screen>
  )
}
