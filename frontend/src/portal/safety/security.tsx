import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { graphql } from '../../gql/customer'
import { asking, useAct, useAsk } from '../../shared/api/queries.tsx'
import { useFormat } from '../../shared/format.ts'
import { CancelButton, DialogButton } from '../../shared/ui/dialog.tsx'
import { ActForm, Button, PasswordField } from '../../shared/ui/form.tsx'
import { Card, Note, Page } from '../../shared/ui/parts.tsx'
import { TroubleNote } from '../../shared/ui/trouble.tsx'
import { AuthenticatorApp } from './authenticator-app.tsx'
import { Codes } from './codes.tsx'
import { Passkeys } from './passkeys.tsx'

const SecurityPage = graphql(`
  query SecurityPage {
    viewer {
      id
      profile { email }
      security { passwordChangedAt totpEnabled recoveryCodesLeft coolingOffUntil passkeys { ...Passkeys_passkey } }
    }
  }
`)
const ChangePassword = graphql(`
  mutation ChangePassword($currentPassword: String!, $newPassword: String!) {
    changePassword(currentPassword: $currentPassword, newPassword: $newPassword) { ... on PasswordChanged { __typename at sessionsEnded } ...Refused }
  }
`)
const MakeRecoveryCodes = graphql(`
  mutation MakeRecoveryCodes { makeRecoveryCodes { ... on RecoveryCodesMade { __typename codes } ...Refused } }
`)

export function Security() {
  const { t } = useLingui()
  const format = useFormat()
  const { viewer } = useAsk(SecurityPage, {})
  if (!viewer) return null
  const { security } = viewer
  const factors = security.passkeys.length + (security.totpEnabled ? 1 : 0)
  return (
    <Page title={t`Signing in`} lead={<Trans>How you prove that it is you. With a passkey or an app a stolen password alone is worth nothing.</Trans>}>
      {security.coolingOffUntil && <Note tone="warn"><p><Trans>Something here changed lately: until {format.dateTime(security.coolingOffUntil)} no copy of your data is handed out, in case it was not you.</Trans></p></Note>}
      <Passkeys passkeys={security.passkeys} />
      <AuthenticatorApp enabled={security.totpEnabled} />
      {factors > 0 && <RecoveryCodes left={security.recoveryCodesLeft} />}
      <Password changedAt={security.passwordChangedAt} email={viewer.profile.email} />
    </Page>
  )
}
Security.before = asking(SecurityPage, {})

function RecoveryCodes({ left }: { left: number }) {
  const { act, busy, trouble } = useAct(MakeRecoveryCodes)
  const [codes, setCodes] = useState<readonly string[]>()
  return (
    <Card title={<Trans>Recovery codes</Trans>}>
      <p><Trans>For the day your app or passkey is lost. Each works once.</Trans> <Plural value={left} _0="You have none left." one="You have # left." other="You have # left." /></p>
      {trouble && <TroubleNote trouble={trouble} />}
      {codes ? <Codes codes={codes} /> : (
        <div className="actions">
          <Button busy={busy} onPress={async () => setCodes((await act({}))?.codes)}><Trans>Make ten new ones</Trans></Button>
          <span className="quiet-text small-text"><Trans>The old ones stop working.</Trans></span>
        </div>
      )}
    </Card>
  )
}

function Password({ changedAt, email }: { changedAt: string; email: string }) {
  const { t } = useLingui()
  const format = useFormat()
  const [done, setDone] = useState(false)
  return (
    <Card title={<Trans>Password</Trans>}>
      <p><Trans>Set {format.relative(changedAt)}.</Trans></p>
      {done && <Note tone="good" live><p><Trans>Your new password counts from now on; every other device is signed out.</Trans></p></Note>}
      <div className="actions">
        <DialogButton label={<Trans>Change the password</Trans>} title={<Trans>Change the password</Trans>}>
          {(close) => (
            <ActForm
              document={ChangePassword}
              variables={(fields) => ({ currentPassword: fields.raw('currentPassword'), newPassword: fields.raw('newPassword') })}
              done={() => { setDone(true); close() }}
              submit={<Trans>Save the new password</Trans>}
              beside={<CancelButton close={close} />}
            >
              <input className="hidden" type="text" autoComplete="username" value={email} readOnly tabIndex={-1} aria-hidden="true" />
              <PasswordField name="currentPassword" label={t`Password now`} autoComplete="current-password" autoFocus />
              <PasswordField name="newPassword" label={t`New password`} hint={t`15 characters or more; 8 if you have a second factor.`} autoComplete="new-password" />
            </ActForm>
          )}
        </DialogButton>
      </div>
    </Card>
  )
}
