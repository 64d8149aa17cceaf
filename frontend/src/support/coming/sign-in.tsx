import { Trans, useLingui } from '@lingui/react/macro'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Card, Page } from '../../shared/ui/parts.tsx'
import { SignInForm } from './sign-in-form.tsx'

export function SignIn() {
  const { t } = useLingui()
  const go = useNavigate()
  const { to } = useSearch({ from: '/outside/sign-in' })
  return (
    <Page narrow title={t`Support: sign in`} lead={<Trans>For our staff. Whatever you open here is recorded, and the customer sees it.</Trans>}>
      <Card><SignInForm signedIn={() => void go({ to: to ?? '/', replace: true })} /></Card>
    </Page>
  )
}
