import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { graphql } from '../../gql/support'
import { useAct } from '../../shared/api/queries.tsx'
import { useFormat } from '../../shared/format.ts'
import { ActForm, Button, Field } from '../../shared/ui/form.tsx'
import { Card, Note } from '../../shared/ui/parts.tsx'
import { TroubleNote } from '../../shared/ui/trouble.tsx'
import { Countdown } from '../frame/grants.tsx'
import { type Asked, underWay } from './request.tsx'
import { EditAndRestore } from './edit-and-restore.tsx'

export const FulfilRequest = graphql(`
  mutation FulfilRequest($requestId: ID!, $input: FulfilInput) {
    fulfilRequest(requestId: $requestId, input: $input) {
      ... on RequestFulfilled { __typename request { id } }
      ... on ApprovalAwaited { __typename approval { id } }
      ...Refused
    }
  }
`)
const HandOverCopy = graphql(`
  mutation HandOverCopy($requestId: ID!) {
    handOverCopy(requestId: $requestId) { ... on CopyHandedOver { __typename collectionCode expiresAt } ...Refused }
  }
`)

/** Doing it, as its kind wants. */
export function Fulfil({ request, open }: { request: Asked; open: boolean }) {
  switch (request.kind) {
    case 'COPY':
      return <Copy request={request} />
    case 'UPDATE':
    case 'RESTORE':
      return <EditAndRestore request={request} open={open} />
    case 'DELETE':
      return request.relatedPersonId ? <Erase request={request} /> : <Delete request={request} />
    case 'RESTRICT':
    case 'OBJECT':
      return <Stop request={request} />
  }
}

function Copy({ request }: { request: Asked }) {
  const order = useAct(FulfilRequest)
  const hand = useAct(HandOverCopy)
  const format = useFormat()
  const [code, setCode] = useState<{ collectionCode: string; expiresAt: string }>()
  if (request.copyReadyAt) {
    return (
      <Card id="fulfil" title={<Trans>Hand over the copy</Trans>}>
        <p><Trans>The copy was ready on {format.dateTime(request.copyReadyAt)}. The owner fetches it themselves with a code; we never see what is in it.</Trans></p>
        {code && (
          <Note tone="good" live title={<Trans>Give this code to the owner</Trans>}>
            <p className="code secret">{code.collectionCode}</p>
            <p><Trans>It works once, on the customer pages. <Countdown until={code.expiresAt} />.</Trans></p>
          </Note>
        )}
        {hand.trouble && <TroubleNote trouble={hand.trouble} />}
        <div className="actions">
          <Button tone="main" busy={hand.busy} onPress={async () => setCode(await hand.act({ requestId: request.id }))}>{code || request.handedOverAt ? <Trans>Make a new code</Trans> : <Trans>Make the code</Trans>}</Button>
        </div>
      </Card>
    )
  }
  return (
    <Card id="fulfil" title={<Trans>2. Order the copy</Trans>}>
      {underWay(request) ? <p role="status"><Trans>The copy is being made. This page shows when it is ready; you may leave it.</Trans></p> : (
        <>
          <p><Trans>The software gathers everything held about the owner. It takes a few minutes; two weeks are promised.</Trans></p>
          {order.trouble && <TroubleNote trouble={order.trouble} />}
          <div className="actions"><Button tone="main" busy={order.busy} onPress={() => void order.act({ requestId: request.id, input: null })}><Trans>Order the copy</Trans></Button></div>
        </>
      )}
    </Card>
  )
}

function Delete({ request }: { request: Asked }) {
  const { t } = useLingui()
  return (
    <Card id="fulfil" title={<Trans>2. Propose the deletion</Trans>}>
      <p><Trans>A second member of staff has to agree. Then the account closes, and everything is erased within two days of the request. It cannot be undone.</Trans></p>
      <ActForm document={FulfilRequest} tone="danger" submit={<Trans>Propose the deletion</Trans>} variables={(fields) => ({ requestId: request.id, input: { explanation: fields.maybe('explanation'), changes: null, restoreValues: null, revision: null, resetAccess: false } })}>
        <Field name="explanation" label={t`What your colleague should know`} lines={3} />
      </ActForm>
    </Card>
  )
}

function Erase({ request }: { request: Asked }) {
  const { act, busy, trouble } = useAct(FulfilRequest)
  return (
    <Card id="fulfil" title={<Trans>Erase this person</Trans>}>
      <p><Trans>Somebody the customer named asks for their own data to go. It is erased at once, and the customer is told.</Trans></p>
      {trouble && <TroubleNote trouble={trouble} />}
      <div className="actions"><Button tone="danger" busy={busy} onPress={() => void act({ requestId: request.id, input: null })}><Trans>Erase</Trans></Button></div>
    </Card>
  )
}

function Stop({ request }: { request: Asked }) {
  const { t } = useLingui()
  return (
    <Card id="fulfil" title={request.kind === 'RESTRICT' ? <Trans>Restrict the use</Trans> : <Trans>Stop what was objected to</Trans>}>
      <p>{request.kind === 'RESTRICT' ? <Trans>The data is only stored from now on, until the customer takes the request back.</Trans> : <Trans>News and personalisation stop at once.</Trans>}</p>
      <ActForm document={FulfilRequest} submit={<Trans>Do it</Trans>} variables={(fields) => ({ requestId: request.id, input: { explanation: fields.maybe('explanation'), changes: null, restoreValues: null, revision: null, resetAccess: false } })}>
        <Field name="explanation" label={t`A word to the customer`} lines={3} />
      </ActForm>
    </Card>
  )
}
