import { Trans, useLingui } from '@lingui/react/macro'
import { signedOut } from '../session.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/parts.tsx'
import { Screen } from '../ui/screen.tsx'
import { SignInSteps } from './sign-in-steps.tsx'

/** The session has ended while somebody was here: what they typed waits behind this. */
export function SignedOut() {
  const { t } = useLingui()
  return (
    <Screen title={t`You were signed out`} lead={<Trans>This device's session has ended: it was signed out from another device, its time is over, or it was ended for safety. Sign in again: nothing you typed is lost.</Trans>}>
      <Card><SignInSteps beside={<Button tone="plain" label={t`Leave it`} onPress={signedOut} />} /></Card>
    </Screen>
  )
}
