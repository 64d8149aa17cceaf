import { Trans, useLingui } from '@lingui/react/macro'
import { type Language, LANGUAGES, speak } from '../i18n.ts'
import { Radios } from '../ui/fields.tsx'
import { Card } from '../ui/parts.tsx'
import { Screen } from '../ui/screen.tsx'
import { WebsiteLink } from '../ui/website-link.tsx'
import { SignInSteps } from './sign-in-steps.tsx'

export function SignIn() {
  const { t, i18n } = useLingui()
  return (
    <Screen title={t`Sign in`} lead={<Trans>Your details, who signed in, and everything we hold about you: to see, to change, to take along or to delete.</Trans>}>
      <Card>
        <SignInSteps />
        <WebsiteLink path="/forgot" label={t`I forgot my password`} />
        <WebsiteLink path="/sign-up" label={t`Open an account`} />
      </Card>
      <Radios label={t`Language`} value={i18n.locale} change={(language) => speak(language as Language)} options={Object.entries(LANGUAGES)} />
    </Screen>
  )
}
