import { Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import { graphql } from '../../gql/customer'
import type { RequestKind, Requests_RightsRequestFragment, RequestsPageQuery, RequestStatus } from '../../gql/customer/graphql.ts'
import { askingPages, useAskPages } from '../../shared/api/pages.ts'
import { useAct } from '../../shared/api/queries.tsx'
import { DOT } from '../../shared/dot.ts'
import { useFormat } from '../../shared/format.ts'
import { CancelButton, DialogButton } from '../../shared/ui/dialog.tsx'
import { ActForm, Button, Field, Radios } from '../../shared/ui/form.tsx'
import { Card, Empty, Page, Tag } from '../../shared/ui/parts.tsx'
import { More } from '../../shared/ui/table.tsx'
import { TroubleNote } from '../../shared/ui/trouble.tsx'

export const RequestParts = graphql(`
  fragment Requests_rightsRequest on RightsRequest { id number kind channel status receivedAt dueAt fulfilledAt clause text explanation }
`)
const RequestsPage = graphql(`
  query RequestsPage($after: String) {
    viewer { id requests(first: 20, after: $after) { nodes { ...Requests_rightsRequest } pageInfo { hasNextPage endCursor } } }
  }
`)
const mine = (page: RequestsPageQuery) => page.viewer?.requests
const FileRequest = graphql(`
  mutation FileRequest($kind: RequestKind!, $text: String!) {
    fileRequest(kind: $kind, text: $text) { ... on RequestFiled { __typename request { id number } } ...Refused }
  }
`)
const WithdrawRequest = graphql(`
  mutation WithdrawRequest($id: ID!) { withdrawRequest(id: $id) { ... on RequestFiled { __typename request { id } } ...Refused } }
`)

export function Requests() {
  const { t } = useLingui()
  const format = useFormat()
  const { nodes, more } = useAskPages(RequestsPage, {}, mine)
  const kinds: Record<RequestKind, string> = { COPY: t`Copy`, UPDATE: t`Correction`, DELETE: t`Deletion`, RESTORE: t`Restoring`, RESTRICT: t`Restriction`, OBJECT: t`Objection` }
  const states: Record<RequestStatus, string> = { RECEIVED: t`received`, IN_PROGRESS: t`under way`, FULFILLED: t`done`, DENIED: t`denied`, CANCELLED: t`taken back` }
  return (
    <Page
      title={t`Requests`}
      lead={<Trans>What you asked of us about your data, and by when we answer. A <Link to="/copies">copy</Link> and <Link to="/delete">deleting</Link> have pages of their own.</Trans>}
      actions={<File />}
    >
      <Card>
        {nodes.length === 0 ? <Empty title={<Trans>You have asked for nothing.</Trans>}><p><Trans>You may restrict what we do with your data, object to a use, or have something corrected that you cannot edit.</Trans></p></Empty> : (
          <ul className="lines">
            {nodes.map((one) => (
              <li key={one.id}>
                <div className="stack tight">
                  <p className="line-title">{kinds[one.kind]} <span className="quiet-text">{one.number}</span> <Tag tone={one.status === 'FULFILLED' ? 'good' : one.status === 'DENIED' ? 'bad' : 'plain'}>{states[one.status]}</Tag></p>
                  {one.text && <p>{one.text}</p>}
                  {one.explanation && <p><strong><Trans>Our answer:</Trans></strong> {one.explanation}</p>}
                  <p className="quiet-text small-text">
                    <Trans>Received {format.date(one.receivedAt)}</Trans>{DOT}{one.fulfilledAt ? <Trans>answered {format.date(one.fulfilledAt)}</Trans> : <Trans>we answer by {format.date(one.dueAt)}</Trans>}{DOT}<Trans>clause {one.clause}</Trans>
                  </p>
                </div>
                <Withdraw request={one} name={kinds[one.kind]} />
              </li>
            ))}
          </ul>
        )}
        <More {...more} />
      </Card>
    </Page>
  )
}
Requests.before = askingPages(RequestsPage, {}, mine)

function File() {
  const { t } = useLingui()
  return (
    <DialogButton tone="main" label={<Trans>Make a request</Trans>} title={<Trans>Make a request</Trans>}>
      {(close) => (
        <ActForm
          document={FileRequest}
          variables={(fields) => ({ kind: fields.text('kind') as RequestKind, text: fields.text('text') })}
          done={close} submit={<Trans>Send</Trans>} beside={<CancelButton close={close} />}
        >
          <Radios
            name="kind" label={t`What do you ask for?`} defaultValue="UPDATE"
            options={[
              ['UPDATE', t`Correct something`, t`that you cannot edit yourself`],
              ['RESTRICT', t`Restrict processing`, t`we store your data and do nothing else with it`],
              ['OBJECT', t`Object to a use`, t`say which use, and why it does not suit you`],
            ]}
          />
          <Field name="text" label={t`In your words`} lines={4} isRequired />
        </ActForm>
      )}
    </DialogButton>
  )
}

/** Open ones can be taken back; a restriction or an objection also after it was granted. */
function Withdraw({ request, name }: { request: Requests_RightsRequestFragment; name: string }) {
  const { t } = useLingui()
  const { act, busy, trouble } = useAct(WithdrawRequest)
  const open = request.status === 'RECEIVED' || request.status === 'IN_PROGRESS'
  const lasting = request.status === 'FULFILLED' && (request.kind === 'RESTRICT' || request.kind === 'OBJECT')
  if (!open && !lasting) return null
  const does = lasting && request.kind === 'RESTRICT' ? t`Lift the restriction` : t`Take it back`
  return (
    <div className="stack tight">
      <Button small busy={busy} aria-label={`${does}: ${name} ${request.number}`} onPress={() => void act({ id: request.id })}>{does}</Button>
      {trouble && <TroubleNote trouble={trouble} />}
    </div>
  )
}
