import { Trans, useLingui } from '@lingui/react/macro'
import { signedOut } from '../session.ts'
import { Button } from '../ui/button.tsx'
import { Note } from '../ui/parts.tsx'
import { Screen } from '../ui/screen.tsx'
import { P } from '../ui/text.tsx'

export function Secured({ message }: { message: string }) {
  const { t } = useLingui()
  return (
    <Screen title={t`Your account is secured`}>
      <Note tone="good"><P>{message}</P></Note>
      <P><Trans>Look for our letter: its link lets you set a new password, and then you can sign in again.</Trans></P>
      <Button label={t`To signing in`} onPress={signedOut} />
    </Screen>
  )
}
