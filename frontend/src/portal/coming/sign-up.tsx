import { Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { graphql } from '../../gql/customer'
import { asking, useAsk } from '../../shared/api/queries.tsx'
import { localeOf } from '../../shared/i18n.ts'
import { ActForm, Field, PasswordField, Tick } from '../../shared/ui/form.tsx'
import { Card, Page } from '../../shared/ui/parts.tsx'
import { AddressFields, addressOf, IdentityFields, identityOf } from '../person-fields.tsx'
import { Resend } from './sign-in-form.tsx'

const PolicyVersion = graphql(`
  query PolicyVersion { policy { version } }
`)
const SignUpNow = graphql(`
  mutation SignUp($input: SignUpInput!) {
    signUp(input: $input) { ... on SignUpStarted { __typename message } ...Refused }
  }
`)

export function SignUp() {
  const { t, i18n } = useLingui()
  const { policy } = useAsk(PolicyVersion, {})
  const [sent, setSent] = useState<{ message: string; email: string }>()
  const [agreed, agree] = useState(false)
  if (sent) return <LetterSent {...sent} />
  return (
    <Page narrow title={t`Open an account`} lead={<Trans>We ask for what a contract needs and nothing else. You will see each value, why we hold it and until when.</Trans>}>
      <Card>
        <ActForm
          document={SignUpNow}
          variables={(fields) => ({
            input: {
              givenName: fields.text('givenName'),
              familyName: fields.text('familyName'),
              identity: identityOf(fields) ?? { birthdate: '' },
              address: addressOf(fields),
              phoneNumber: fields.text('phoneNumber'),
              email: fields.text('email'),
              password: fields.raw('password'),
              locale: localeOf(i18n),
              acceptedPolicy: policy?.version ?? '',
            },
          })}
          done={({ message }, fields) => setSent({ message, email: fields.text('email') })}
          submit={<Trans>Open the account</Trans>}
        >
          <div className="fields">
            <Field name="givenName" label={t`Given name`} autoComplete="given-name" isRequired />
            <Field name="familyName" label={t`Family name`} autoComplete="family-name" isRequired />
          </div>
          <IdentityFields />
          <AddressFields />
          <Field name="phoneNumber" type="tel" label={t`Phone number`} hint={t`With the country's code, as +371 20000000`} autoComplete="tel" isRequired />
          <Field name="email" type="email" label={t`E-mail address`} hint={t`You sign in with it; we send a letter to confirm it.`} autoComplete="email" isRequired />
          <PasswordField name="password" label={t`Password`} hint={t`15 characters or more. Four words nobody would put together are good.`} autoComplete="new-password" />
          <Tick name="acceptedPolicy" isRequired isSelected={agreed} onChange={agree}>
            <Trans>I have read the <Link to="/policy" target="_blank">privacy policy</Link>, version {policy?.version ?? ''}.</Trans>
          </Tick>
        </ActForm>
        <p><Trans>You have an account? <Link to="/sign-in">Sign in</Link></Trans></p>
      </Card>
    </Page>
  )
}
SignUp.before = asking(PolicyVersion, {})

export function LetterSent({ message, email }: { message: string; email: string }) {
  const { t } = useLingui()
  return (
    <Page narrow title={t`Look for our letter`} lead={message}>
      <Card>
        <p><Trans>It should be with <strong>{email}</strong> in a minute. If not, look among the unwanted mail.</Trans></p>
        <Resend email={email} />
      </Card>
    </Page>
  )
}
