import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { graphql } from '../../gql/customer'
import { useAct } from '../../shared/api/queries.tsx'
import { DOT } from '../../shared/dot.ts'
import { useFormat } from '../../shared/format.ts'
import { ActForm, Button, Field } from '../../shared/ui/form.tsx'
import { Card, Facts, Note } from '../../shared/ui/parts.tsx'
import { TroubleNote } from '../../shared/ui/trouble.tsx'

const ChangeEmailNow = graphql(`
  mutation ChangeEmail($newEmail: String!) {
    changeEmail(newEmail: $newEmail) { ... on EmailChangeStarted { __typename pending { email expiresAt } } ...Refused }
  }
`)
const CancelEmailChange = graphql(`
  mutation CancelEmailChange { cancelEmailChange { ... on EmailChangeCancelled { __typename profile { email } } ...Refused } }
`)

interface ChangeEmailProps {
  email: string
  verifiedAt: string | null
  pending: { email: string; expiresAt: string } | null
}

export function ChangeEmail({ email, verifiedAt, pending }: ChangeEmailProps) {
  const { t } = useLingui()
  const format = useFormat()
  const [changing, change] = useState(false)
  const cancel = useAct(CancelEmailChange)
  return (
    <Card title={<Trans>E-mail address</Trans>} actions={!changing && !pending && <Button onPress={() => change(true)}><Trans>Change e-mail address</Trans></Button>}>
      <Facts facts={[[t`You sign in with`, <>{email}{verifiedAt && <span className="quiet-text">{DOT}<Trans>confirmed {format.date(verifiedAt)}</Trans></span>}</>, 'email']]} />
      {pending && (
        <Note tone="warn" title={<Trans>Waiting for {pending.email}</Trans>}>
          <p><Trans>We sent a letter there. Open its link until {format.dateTime(pending.expiresAt)}; until then nothing changes.</Trans></p>
          {cancel.trouble && <TroubleNote trouble={cancel.trouble} />}
          <p><Button small busy={cancel.busy} onPress={() => void cancel.act({})}><Trans>Do not change it</Trans></Button></p>
        </Note>
      )}
      {changing && !pending && (
        <ActForm
          document={ChangeEmailNow}
          variables={(fields) => ({ newEmail: fields.text('newEmail') })}
          done={() => change(false)}
          submit={<Trans>Send the letter</Trans>}
          beside={<Button tone="plain" onPress={() => change(false)}><Trans>Cancel</Trans></Button>}
        >
          <p><Trans>We write to the new address to confirm it, and to the old one so that you would notice a stranger. For 72 hours after a change no copy of your data is handed out.</Trans></p>
          <Field name="newEmail" type="email" label={t`New e-mail address`} autoComplete="email" isRequired autoFocus />
        </ActForm>
      )}
    </Card>
  )
}
