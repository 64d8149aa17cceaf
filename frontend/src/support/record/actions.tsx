import { Trans, useLingui } from '@lingui/react/macro'
import { graphql } from '../../gql/support'
import { CancelButton, DialogButton } from '../../shared/ui/dialog.tsx'
import { ActForm, Field, Tick, Ticks } from '../../shared/ui/form.tsx'
import { Card, Note } from '../../shared/ui/parts.tsx'
import { useMay } from '../me.ts'
import { ReceiveComplaint } from '../complaints/receive.tsx'
import { ReceiveRequest } from '../requests/receive.tsx'
import { useState } from 'react'

const SecureAccount = graphql(`
  mutation SecureAccount($customerId: ID!, $reason: String!) {
    secureAccount(customerId: $customerId, reason: $reason) { ... on AccountSecured { __typename sessionsEnded message } ...Refused }
  }
`)
const PlaceHold = graphql(`
  mutation PlaceHold($customerId: ID!, $basis: String!, $scope: [String!]!, $reviewBy: Date!, $tellCustomer: Boolean!) {
    placeHold(customerId: $customerId, basis: $basis, scope: $scope, reviewBy: $reviewBy, tellCustomer: $tellCustomer) {
      ... on HoldUpdated { __typename hold { id } }
      ...Refused
    }
  }
`)
const CloseForTerms = graphql(`
  mutation CloseForTerms($customerId: ID!, $termsClause: String!, $reason: String!) {
    closeForTerms(customerId: $customerId, termsClause: $termsClause, reason: $reason) { ... on ApprovalAwaited { __typename approval { id } } ...Refused }
  }
`)

interface Who {
  id: string
  number: string
  state: string
}

/** What can be done with this account, for those who may. */
export function Actions({ record }: { record: Who }) {
  const desk = useMay('SERVE_REQUESTS')
  const complaints = useMay('HANDLE_COMPLAINTS')
  const holds = useMay('KEEP_HOLDS')
  const closes = useMay('CLOSE_FOR_TERMS')
  const secures = useMay('ANSWER')
  if (!(desk || complaints || holds || closes || secures)) return null
  return (
    <Card id="do" title={<Trans>Do something</Trans>}>
      <div className="actions">
        {desk && <ReceiveRequest customer={record} />}
        {complaints && <ReceiveComplaint customer={record} />}
        {secures && <Secure record={record} />}
        {holds && <Hold record={record} />}
        {closes && record.state !== 'CLOSED' && <Terms record={record} />}
      </div>
    </Card>
  )
}

function Secure({ record }: { record: Who }) {
  const { t } = useLingui()
  const [said, setSaid] = useState<string>()
  return (
    <DialogButton label={<Trans>Secure the account</Trans>} title={<Trans>Secure the account</Trans>}>
      {(close) => said ? (
        <>
          <Note tone="good" live><p>{said}</p></Note>
          <div className="actions"><CancelButton close={close} /></div>
        </>
      ) : (
        <>
          <p><Trans>Every session ends, changes stop, and a link for a new password is mailed. Nobody here sees a secret.</Trans></p>
          <ActForm document={SecureAccount} done={(found) => setSaid(found.message)} submit={<Trans>Secure it</Trans>} beside={<CancelButton close={close} />} variables={(fields) => ({ customerId: record.id, reason: fields.text('reason') })}>
            <Field name="reason" label={t`Reason`} lines={3} isRequired />
          </ActForm>
        </>
      )}
    </DialogButton>
  )
}

/** What a hold can name: kinds of record, or all. */
function Hold({ record }: { record: Who }) {
  const { t } = useLingui()
  const scopes: [string, string][] = [
    ['all', t`Everything`], ['payment_method', t`Payment methods`], ['sign_in', t`Sign-ins`], ['message', t`Messages`], ['rights_request', t`Requests`], ['service', t`Services`],
  ]
  return (
    <DialogButton label={<Trans>Place a hold</Trans>} title={<Trans>Keep data from being erased</Trans>}>
      {(close) => (
        <>
          <p><Trans>In a dispute, a hold stops the erasure of what it names and of nothing else. It is reviewed within 180 days; releasing it takes a second person.</Trans></p>
          <ActForm
            document={PlaceHold} done={close} submit={<Trans>Place the hold</Trans>} beside={<CancelButton close={close} />}
            variables={(fields) => ({ customerId: record.id, basis: fields.text('basis'), scope: fields.all('scope'), reviewBy: fields.text('reviewBy'), tellCustomer: fields.on('tellCustomer') })}
          >
            <Field name="basis" label={t`Legal basis and matter`} lines={2} isRequired />
            <Ticks name="scope" legend={<Trans>What is held</Trans>}>
              {scopes.map(([value, text]) => <Tick key={value} name="scope" value={value}>{text}</Tick>)}
            </Ticks>
            <Field name="reviewBy" type="date" label={t`Review by`} isRequired />
            <Tick name="tellCustomer" defaultSelected><Trans>Tell the customer</Trans></Tick>
          </ActForm>
        </>
      )}
    </DialogButton>
  )
}

function Terms({ record }: { record: Who }) {
  const { t } = useLingui()
  return (
    <DialogButton label={<Trans>Close under the terms</Trans>} title={<Trans>Close under the terms</Trans>}>
      {(close) => (
        <>
          <p><Trans>A second person has to agree. Then access ends at once, a letter gives the clause and the reason, and everything is erased within a year.</Trans></p>
          <ActForm document={CloseForTerms} tone="danger" done={close} submit={<Trans>Propose it</Trans>} beside={<CancelButton close={close} />} variables={(fields) => ({ customerId: record.id, termsClause: fields.text('termsClause'), reason: fields.text('reason') })}>
            <Field name="termsClause" label={t`Clause of the terms`} hint={t`As 7.2`} autoComplete="off" isRequired />
            <Field name="reason" label={t`Reason`} hint={t`It is sent to the customer as you write it.`} lines={4} isRequired />
          </ActForm>
        </>
      )}
    </DialogButton>
  )
}
