import { Trans, useLingui } from '@lingui/react/macro'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { graphql } from '../../gql/support'
import type { IdentityDocument, RequestChannel, RequestKind } from '../../gql/support/graphql.ts'
import { CancelButton, DialogButton } from '../../shared/ui/dialog.tsx'
import { ActForm, Choice, Field, Radios, Tick } from '../../shared/ui/form.tsx'
import { Room } from '../../shared/ui/parts.tsx'
import { options, useNames } from '../names.ts'
import { CheckFields } from './identify.tsx'

const Receive = graphql(`
  mutation ReceiveRequest($input: ReceiveRequestInput!) {
    receiveRequest(input: $input) { ... on RequestUpdated { __typename request { id number } } ...Refused }
  }
`)

/** The policy's clock starts when the request was received, at the office or by post. */
export function ReceiveRequest({ customer, small = false }: { customer: { id: string; number: string }; small?: boolean }) {
  const { t } = useLingui()
  const names = useNames()
  const go = useNavigate()
  const [shown, show] = useState(false)
  return (
    <DialogButton small={small} label={<Trans>Receive a request</Trans>} name={t`Receive a request of ${customer.number}`} title={<Trans>A request of {customer.number}</Trans>}>
      {(close) => (
        <ActForm
          document={Receive} submit={<Trans>Receive it</Trans>} beside={<CancelButton close={close} />}
          done={(found) => { close(); void go({ to: '/requests/$number', params: { number: found.request.number } }) }}
          variables={(fields) => ({ input: {
            customerId: customer.id, relatedPersonId: null, kind: fields.text('kind') as RequestKind, channel: fields.text('channel') as RequestChannel,
            receivedAt: fields.maybe('receivedAt') ? new Date(fields.text('receivedAt')).toISOString() : new Date().toISOString(), text: fields.maybe('text'),
            check: fields.on('shown') ? { document: fields.text('check.document') as IdentityDocument, lastFour: fields.text('check.lastFour'), officeId: fields.text('check.officeId') } : null,
          } })}
        >
          <Choice name="kind" label={t`What for`} options={options(names.kind)} />
          <Radios name="channel" label={t`How`} row defaultValue="OFFICE" options={[['OFFICE', names.channel.OFFICE], ['MAIL', names.channel.MAIL]]} />
          <Field name="receivedAt" type="datetime-local" label={t`When it was received`} hint={t`Left empty: now. The deadline counts from then.`} />
          <Field name="text" label={t`In their words`} lines={3} />
          <Tick name="shown" isSelected={shown} onChange={show}><Trans>The owner is here and has shown a document</Trans></Tick>
          {shown && <Room><CheckFields /></Room>}
        </ActForm>
      )}
    </DialogButton>
  )
}
