import { Trans, useLingui } from '@lingui/react/macro'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { graphql } from '../../gql/support'
import { ActForm, Button, Field, PasswordField } from '../../shared/ui/form.tsx'
import { Card, Note, Page } from '../../shared/ui/parts.tsx'
import { QrCode } from '../../shared/ui/qr-code.tsx'

const AcceptInvitation = graphql(`
  mutation AcceptInvitation($token: String!, $newPassword: String!) {
    acceptInvitation(token: $token, newPassword: $newPassword) { ... on TotpBegun { __typename secret uri } ...Refused }
  }
`)
const ConfirmTotp = graphql(`
  mutation ConfirmTotp($code: String!) {
    confirmTotp(code: $code) { ... on FactorAdded { __typename recoveryCodes staff { id } } ...Refused }
  }
`)

/** From the letter of an invitation: a password, then the first second factor, then the recovery codes. */
export function Invitation() {
  const { t } = useLingui()
  const { token } = useSearch({ from: '/outside/invitation' })
  const [begun, setBegun] = useState<{ secret: string; uri: string }>()
  const [codes, setCodes] = useState<readonly string[]>()
  return (
    <Page narrow title={t`Welcome`} lead={<Trans>Three steps: a password, an authenticator app, and your recovery codes.</Trans>}>
      <Card>
        {codes ? <Codes codes={codes} /> : begun ? <App {...begun} done={setCodes} /> : (
          <ActForm document={AcceptInvitation} variables={(fields) => ({ token: token ?? '', newPassword: fields.raw('newPassword') })} done={setBegun} submit={<Trans>Continue</Trans>}>
            <PasswordField name="newPassword" label={t`Your new password`} hint={t`At least 8 characters; a few words in a row are easy to keep in mind.`} autoComplete="new-password" autoFocus />
          </ActForm>
        )}
      </Card>
    </Page>
  )
}

function App({ secret, uri, done }: { secret: string; uri: string; done: (codes: readonly string[]) => void }) {
  const { t } = useLingui()
  return (
    <div className="stack">
      <p><Trans>Scan the code with your authenticator app, type the key into it, or <a href={uri}>open the app on this device</a>.</Trans></p>
      <QrCode text={uri} />
      <p className="code secret">{secret.replace(/(.{4})/g, '$1 ')}</p>
      <ActForm document={ConfirmTotp} variables={(fields) => ({ code: fields.text('code').replaceAll(' ', '') })} done={(found) => done(found.recoveryCodes ?? [])} submit={<Trans>Confirm</Trans>}>
        <Field name="code" label={t`The six digits the app shows now`} inputMode="numeric" autoComplete="one-time-code" isRequired autoFocus />
      </ActForm>
    </div>
  )
}

function Codes({ codes }: { codes: readonly string[] }) {
  const go = useNavigate()
  return (
    <div className="stack">
      <Note tone="good" live title={<Trans>You are signed in.</Trans>}>
        <p><Trans>Keep these codes where only you find them. Each one works once, when your app is lost. They are not shown again.</Trans></p>
      </Note>
      <ul className="codes">{codes.map((one) => <li key={one}><code>{one}</code></li>)}</ul>
      <div className="actions"><Button tone="main" onPress={() => void go({ to: '/' })}><Trans>I have kept them</Trans></Button></div>
    </div>
  )
}
