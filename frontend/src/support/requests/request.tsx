import { Trans, useLingui } from '@lingui/react/macro'
import { useParams } from '@tanstack/react-router'
import { graphql } from '../../gql/support'
import type { OneRequestQuery } from '../../gql/support/graphql.ts'
import { useAsk } from '../../shared/api/queries.tsx'
import { DOT } from '../../shared/dot.ts'
import { useFormat } from '../../shared/format.ts'
import { Card, Empty, Facts, Note, Page } from '../../shared/ui/parts.tsx'
import { Assign } from '../assign.tsx'
import { OpenRecord } from '../find/open-record.tsx'
import { useMay } from '../me.ts'
import { useNames } from '../names.ts'
import { Hit, Left } from '../parts.tsx'
import { Deny } from './deny.tsx'
import { Fulfil } from './fulfil.tsx'
import { Identify } from './identify.tsx'

const OneRequest = graphql(`
  query OneRequest($number: String!) {
    requests(first: 1, number: $number) {
      nodes {
        id number kind channel status receivedAt dueAt overdue relatedPersonId text copyReadyAt handedOverAt fulfilledAt explanation clause
        customer { ...Hit_Customer }
        identityCheck { document lastFour officeId checkedBy confirmedBy at }
        assignedTo { id name }
        approval { id proposedBy { name } mine }
        latestEvent { at action title actor }
      }
    }
    openGrants { id customer { number } }
  }
`)

export type Asked = OneRequestQuery['requests']['nodes'][number]

/** The worker makes the copy: the page looks again until it is ready. */
export const underWay = (request: Pick<Asked, 'kind' | 'copyReadyAt' | 'latestEvent'>) => request.kind === 'COPY' && !request.copyReadyAt && request.latestEvent?.action === 'request.copy-ordered'

const IDENTIFIED: Asked['kind'][] = ['COPY', 'UPDATE', 'DELETE', 'RESTORE']

/** One request, step by step: who asks, what for, and doing it. */
export function Request() {
  const { t } = useLingui()
  const { number } = useParams({ from: '/inside/requests/$number' })
  const { requests, openGrants } = useAsk(OneRequest, { number }, (found) => (found?.requests.nodes.some(underWay) ? 4000 : false))
  const request = requests.nodes[0]
  if (!request) return <Page title={t`Request ${number}`}><Card><Empty title={<Trans>There is no request of this number.</Trans>} /></Card></Page>
  return <Shown request={request} open={openGrants.some((one) => one.customer.number === request.customer.number)} />
}

function Shown({ request, open }: { request: Asked; open: boolean }) {
  const names = useNames()
  const format = useFormat()
  const desk = useMay('SERVE_REQUESTS')
  const assigns = useMay('ASSIGN')
  const done = request.status === 'FULFILLED' || request.status === 'DENIED' || request.status === 'CANCELLED'
  /** A copy that is ready may be handed over again: a code is good for a quarter of an hour. */
  const handable = request.kind === 'COPY' && Boolean(request.copyReadyAt) && request.status === 'FULFILLED'
  const identified = Boolean(request.identityCheck) || Boolean(request.relatedPersonId) || !IDENTIFIED.includes(request.kind)
  return (
    <Page title={`${names.kind[request.kind]}${DOT}${request.number}`} whole={request.number} lead={<Hit customer={request.customer} />}>
      <Card id="about" title={<Trans>What was asked</Trans>} actions={<Left dueAt={request.dueAt} done={done || Boolean(request.copyReadyAt)} late={request.overdue} />}>
        <Facts facts={[
          [<Trans key="a">Received</Trans>, `${format.dateTime(request.receivedAt)}, ${names.channel[request.channel]}`, 'received'],
          [<Trans key="b">Due</Trans>, format.dateTime(request.dueAt), 'due'],
          [<Trans key="c">Promise</Trans>, <Trans key="c1">Clause {request.clause}</Trans>, 'clause'],
          [<Trans key="d">Status</Trans>, names.status[request.status], 'status'],
          [<Trans key="e">With</Trans>, assigns ? <Assign id={request.id} now={request.assignedTo} /> : (request.assignedTo?.name ?? <Trans>Nobody</Trans>), 'with'],
          [<Trans key="f">In the customer’s words</Trans>, open ? (request.text ?? <Trans>Nothing was written</Trans>) : <span className="row"><span className="quiet-text"><Trans>Shown while the record is open.</Trans></span><OpenRecord customer={request.customer} reason={request.channel === 'OFFICE' ? 'OFFICE_VISIT' : 'CUSTOMER_CONTACT'} part="requests" /></span>, 'words'],
          ...(request.latestEvent ? [[<Trans key="g">Last</Trans>, `${request.latestEvent.title}${DOT}${request.latestEvent.actor}${DOT}${format.dateTime(request.latestEvent.at)}`, 'last'] as [React.ReactNode, string, string]] : []),
          ...(request.explanation ? [[<Trans key="h">Our answer</Trans>, request.explanation, 'answer'] as [React.ReactNode, string, string]] : []),
        ]} />
      </Card>
      {request.identityCheck && (
        <Card id="identity" title={<Trans>Who asked</Trans>}>
          <Facts facts={[
            [<Trans key="a">Document</Trans>, `${names.document[request.identityCheck.document]}${request.identityCheck.lastFour ? ` …${request.identityCheck.lastFour}` : ''}`, 'document'],
            [<Trans key="b">Checked by</Trans>, `${request.identityCheck.checkedBy}, ${format.dateTime(request.identityCheck.at)}`, 'by'],
            ...(request.identityCheck.confirmedBy ? [[<Trans key="c">Confirmed by</Trans>, request.identityCheck.confirmedBy, 'confirmed'] as [React.ReactNode, string, string]] : []),
          ]} />
        </Card>
      )}
      {!done && request.approval && (
        <Note tone="warn" title={<Trans>A second person has to agree.</Trans>}>
          <p>{request.approval.mine ? <Trans>You proposed it; a colleague decides under “Second person”.</Trans> : <Trans>{request.approval.proposedBy.name} proposed it. Decide under “Second person”.</Trans>}</p>
        </Note>
      )}
      {!done && desk && !identified && <Identify request={request} />}
      {desk && ((!done && identified && !request.approval) || handable) && <Fulfil request={request} open={open} />}
      {!done && desk && <Deny request={request} />}
    </Page>
  )
}
