import { Trans, useLingui } from '@lingui/react/macro'
import { useNavigate } from '@tanstack/react-router'
import { graphql } from '../../gql/support'
import type { RequestChannel } from '../../gql/support/graphql.ts'
import { CancelButton, DialogButton } from '../../shared/ui/dialog.tsx'
import { ActForm, Field, Radios } from '../../shared/ui/form.tsx'
import { useNames } from '../names.ts'

const Receive = graphql(`
  mutation ReceiveComplaint($input: ReceiveComplaintInput!) {
    receiveComplaint(input: $input) { ... on ComplaintUpdated { __typename complaint { number } } ...Refused }
  }
`)

/** A complaint that came at the office or by post: of a customer, or of anybody. */
export function ReceiveComplaint({ customer }: { customer?: { id: string; number: string } }) {
  const { t } = useLingui()
  const names = useNames()
  const go = useNavigate()
  return (
    <DialogButton label={<Trans>Receive a complaint</Trans>} title={customer ? <Trans>A complaint of {customer.number}</Trans> : <Trans>A complaint</Trans>}>
      {(close) => (
        <ActForm
          document={Receive} submit={<Trans>Receive it</Trans>} beside={<CancelButton close={close} />}
          done={(found) => { close(); void go({ to: '/complaints/$number', params: { number: found.complaint.number } }) }}
          variables={(fields) => ({ input: {
            customerId: customer?.id ?? null, contact: customer ? null : { name: fields.text('contact.name'), email: fields.text('contact.email') },
            channel: fields.text('channel') as RequestChannel, receivedAt: fields.maybe('receivedAt') ? new Date(fields.text('receivedAt')).toISOString() : new Date().toISOString(),
            text: fields.text('text'),
          } })}
        >
          {!customer && (
            <div className="fields">
              <Field name="contact.name" label={t`Their name`} autoComplete="off" isRequired />
              <Field name="contact.email" type="email" label={t`Their e-mail address`} autoComplete="off" isRequired />
            </div>
          )}
          <Radios name="channel" label={t`How`} row defaultValue="OFFICE" options={[['OFFICE', names.channel.OFFICE], ['MAIL', names.channel.MAIL]]} />
          <Field name="receivedAt" type="datetime-local" label={t`When it was received`} hint={t`Left empty: now. The deadline counts from then.`} />
          <Field name="text" label={t`The complaint, in their words`} lines={5} isRequired />
        </ActForm>
      )}
    </DialogButton>
  )
}
