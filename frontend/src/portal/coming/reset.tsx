import { Trans, useLingui } from '@lingui/react/macro'
import { Link, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { graphql } from '../../gql/customer'
import { ActForm, Field, PasswordField } from '../../shared/ui/form.tsx'
import { Card, Note, Page } from '../../shared/ui/parts.tsx'

const RequestPasswordReset = graphql(`
  mutation RequestPasswordReset($email: String!) {
    requestPasswordReset(email: $email) { ... on MailSent { __typename message } ...Refused }
  }
`)
const ResetPassword = graphql(`
  mutation ResetPassword($token: String!, $newPassword: String!) {
    resetPassword(token: $token, newPassword: $newPassword) { ... on PasswordChanged { __typename at sessionsEnded } ...Refused }
  }
`)

export function Forgot() {
  const { t } = useLingui()
  const [said, setSaid] = useState<string>()
  return (
    <Page narrow title={t`Set a new password`} lead={<Trans>We send a link to your address. It works for a short time and once.</Trans>}>
      <Card>
        {said ? (
          <Note tone="good" live><p>{said}</p></Note>
        ) : (
          <ActForm document={RequestPasswordReset} variables={(fields) => ({ email: fields.text('email') })} done={({ message }) => setSaid(message)} submit={<Trans>Send the letter</Trans>}>
            <Field name="email" type="email" label={t`E-mail address`} autoComplete="username" isRequired autoFocus />
          </ActForm>
        )}
        <p><Link to="/sign-in"><Trans>Back to signing in</Trans></Link></p>
      </Card>
    </Page>
  )
}

export function Reset() {
  const { t } = useLingui()
  const { token } = useSearch({ from: '/outside/reset' })
  const [done, setDone] = useState(false)
  return (
    <Page narrow title={t`Set a new password`}>
      <Card>
        {done ? (
          <Note tone="good" live title={<Trans>Your new password counts from now on.</Trans>}>
            <p><Trans>Everybody who was signed in is signed out. <Link to="/sign-in">Sign in</Link></Trans></p>
          </Note>
        ) : (
          <ActForm document={ResetPassword} variables={(fields) => ({ token, newPassword: fields.raw('newPassword') })} done={() => setDone(true)} submit={<Trans>Save the new password</Trans>}>
            <PasswordField name="newPassword" label={t`New password`} hint={t`15 characters or more; 8 if you have a second factor.`} autoComplete="new-password" autoFocus />
          </ActForm>
        )}
      </Card>
    </Page>
  )
}
