import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { graphql } from '../../gql/support'
import { useAct } from '../../shared/api/queries.tsx'
import { makePasskey, passkeysWork } from '../../shared/passkey.ts'
import { ActForm, Field, type Fields, PasswordField, PlainForm } from '../../shared/ui/form.tsx'
import { Card, Facts, Note, Page } from '../../shared/ui/parts.tsx'
import { useMe } from '../me.ts'
import { useNames } from '../names.ts'

const ChangePassword = graphql(`
  mutation ChangePassword($currentPassword: String!, $newPassword: String!) {
    changePassword(currentPassword: $currentPassword, newPassword: $newPassword) { ... on PasswordChanged { __typename at sessionsEnded } ...Refused }
  }
`)
const BeginPasskey = graphql(`
  mutation BeginPasskey {
    beginPasskey { ... on PasskeyChallenge { __typename challenge options } ...Refused }
  }
`)
const AddPasskey = graphql(`
  mutation AddPasskey($challenge: String!, $credential: JSON!, $label: String!) {
    addPasskey(challenge: $challenge, credential: $credential, label: $label) { ... on FactorAdded { __typename staff { id } recoveryCodes } ...Refused }
  }
`)

/** One's own password and factors. */
export function MySignIn() {
  const { t } = useLingui()
  const names = useNames()
  const me = useMe()
  const [changed, setChanged] = useState(false)
  return (
    <Page title={t`My sign-in`}>
      <Card id="me" title={me.name}>
        <Facts facts={[
          [t`Address at work`, me.email],
          [t`Roles`, me.roles.map((role) => names.role[role]).join(', ')],
          [t`Signs in with`, me.factors.map((one) => names.method[one]).join(', ')],
        ]} />
      </Card>
      <Card id="password" title={<Trans>Change the password</Trans>}>
        {changed && <Note tone="good" live><p><Trans>The password is changed. Your other sessions ended.</Trans></p></Note>}
        <ActForm document={ChangePassword} anew done={() => setChanged(true)} submit={<Trans>Change it</Trans>} variables={(fields) => ({ currentPassword: fields.raw('currentPassword'), newPassword: fields.raw('newPassword') })}>
          <PasswordField name="currentPassword" label={t`Present password`} autoComplete="current-password" />
          <PasswordField name="newPassword" label={t`New password`} autoComplete="new-password" />
        </ActForm>
      </Card>
      {passkeysWork() && <Passkey />}
    </Page>
  )
}

function Passkey() {
  const { t } = useLingui()
  const begin = useAct(BeginPasskey)
  const add = useAct(AddPasskey)
  const [state, setState] = useState<'added' | 'left'>()
  return (
    <Card id="passkey" title={<Trans>Add a passkey</Trans>}>
      {state === 'added' && <Note tone="good" live><p><Trans>The passkey was added.</Trans></p></Note>}
      {state === 'left' && <Note tone="warn" live><p><Trans>The passkey was not made. You may try again.</Trans></p></Note>}
      <PlainForm
        busy={begin.busy || add.busy} trouble={begin.trouble ?? add.trouble} submit={<Trans>Add it</Trans>}
        onSubmit={async (fields: Fields) => {
          setState(undefined)
          const begun = await begin.act({})
          if (!begun) return
          const credential = await makePasskey(begun.options).catch(() => undefined)
          if (credential === undefined) return setState('left')
          if (await add.act({ challenge: begun.challenge, credential, label: fields.text('label') })) setState('added')
        }}
      >
        <Field name="label" label={t`Name of the device`} autoComplete="off" maxLength={40} isRequired />
      </PlainForm>
    </Card>
  )
}
