import { Trans, useLingui } from '@lingui/react/macro'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Card, Page } from '../../shared/ui/parts.tsx'
import { tellClosure } from './closure.ts'
import { SignInForm, SignInLinks } from './sign-in-form.tsx'

export function SignIn() {
  const { t } = useLingui()
  const go = useNavigate()
  const { to } = useSearch({ from: '/outside/sign-in' })
  return (
    <Page narrow title={t`Sign in`} lead={<Trans>Your details, who signed in, and everything we hold about you: to see, to change, to take along or to delete.</Trans>}>
      <Card>
        <SignInForm
          signedIn={() => void go({ href: to ?? '/', replace: true })}
          closed={(told) => {
            tellClosure(told)
            void go({ to: '/closed' })
          }}
        />
        <SignInLinks />
      </Card>
    </Page>
  )
}
