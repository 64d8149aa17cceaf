import { Trans, useLingui } from '@lingui/react/macro'
import { graphql } from '../../gql/customer'
import { useFormat } from '../../shared/format.ts'
import { ActForm, Field } from '../../shared/ui/form.tsx'
import { Note } from '../../shared/ui/parts.tsx'

const FileComplaint = graphql(`
  mutation FileComplaint($input: FileComplaintInput!) {
    fileComplaint(input: $input) { ... on ComplaintFiled { __typename complaint { id number acknowledgeBy } } ...Refused }
  }
`)

export interface Received {
  number: string
  acknowledgeBy: string
}

/** `named`: whether we have to ask who complains, as nobody is signed in. */
export function ComplaintForm({ named, done }: { named: boolean; done: (received: Received) => void }) {
  const { t } = useLingui()
  return (
    <ActForm
      document={FileComplaint}
      variables={(fields) => ({ input: { text: fields.text('text'), contact: named ? { name: fields.text('contact.name'), email: fields.text('contact.email') } : null } })}
      done={({ complaint }) => done(complaint)}
      submit={<Trans>Send the complaint</Trans>}
    >
      {named && (
        <div className="fields">
          <Field name="contact.name" label={t`Your name`} autoComplete="name" isRequired />
          <Field name="contact.email" type="email" label={t`Your e-mail address`} autoComplete="email" isRequired />
        </div>
      )}
      <Field name="text" label={t`What happened`} lines={6} isRequired />
    </ActForm>
  )
}

export function ComplaintReceived({ received }: { received: Received }) {
  const format = useFormat()
  return (
    <Note tone="good" live title={<Trans>We have your complaint, number {received.number}.</Trans>}>
      <p><Trans>We write to you by {format.date(received.acknowledgeBy)} that somebody is looking into it.</Trans></p>
    </Note>
  )
}
