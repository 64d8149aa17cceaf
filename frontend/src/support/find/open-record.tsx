import { Trans, useLingui } from '@lingui/react/macro'
import { useNavigate } from '@tanstack/react-router'
import { graphql } from '../../gql/support'
import type { GrantReason } from '../../gql/support/graphql.ts'
import { CancelButton, DialogButton } from '../../shared/ui/dialog.tsx'
import { ActForm, Choice, Field } from '../../shared/ui/form.tsx'
import { useMay } from '../me.ts'
import { options, useNames } from '../names.ts'

const Open = graphql(`
  mutation OpenRecord($customerId: ID!, $reason: GrantReason!, $ticket: String!) {
    openRecord(customerId: $customerId, reason: $reason, ticket: $ticket) {
      ... on RecordOpened { __typename grant { id customer { id } } }
      ...Refused
    }
  }
`)

/** A reason and a ticket open a record for fifteen minutes; the customer sees both. */
export function OpenRecord({ customer, reason = 'CUSTOMER_CONTACT', ticket, part }: { customer: { id: string; number: string }; reason?: GrantReason; ticket?: string; part?: string }) {
  const { t } = useLingui()
  const names = useNames()
  const go = useNavigate()
  if (!useMay('OPEN_RECORDS')) return null
  return (
    <DialogButton small label={<Trans>Open record</Trans>} name={t`Open record of ${customer.number}`} title={<Trans>Open the record of {customer.number}</Trans>}>
      {(close) => (
        <>
          <p><Trans>It stays open for fifteen minutes. The customer sees your name, the reason, and each value you reveal.</Trans></p>
          <ActForm
            document={Open} submit={<Trans>Open</Trans>} beside={<CancelButton close={close} />}
            variables={(fields) => ({ customerId: customer.id, reason: fields.text('reason') as GrantReason, ticket: fields.text('ticket') })}
            done={(found) => { close(); void go({ to: '/records/$id', params: { id: found.grant.customer.id }, search: part ? { part } : {} }) }}
          >
            <Choice name="reason" label={t`Reason`} options={options(names.reason)} defaultValue={reason} />
            <Field name="ticket" label={t`Ticket`} hint={t`Letters, a hyphen and a number, as SUP-1234`} defaultValue={ticket ?? ''} autoComplete="off" isRequired />
          </ActForm>
        </>
      )}
    </DialogButton>
  )
}
