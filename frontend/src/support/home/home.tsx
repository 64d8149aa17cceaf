import { Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { graphql } from '../../gql/support'
import { useAsk } from '../../shared/api/queries.tsx'
import { useFormat } from '../../shared/format.ts'
import { Card, Empty, Note, Page, When } from '../../shared/ui/parts.tsx'
import { Table } from '../../shared/ui/table.tsx'
import { may, useMe } from '../me.ts'
import { useNames } from '../names.ts'
import { Hit, Left } from '../parts.tsx'

const Today = graphql(`
  query Today {
    work {
      requestsOpen requestsOverdue requestsDueIn24Hours complaintsOpen complaintsUnacknowledged conversationsUnanswered approvalsForMe holdsToReview
      reviewsDue deadLetters oldestBackupAt
    }
  }
`)
const NextDue = graphql(`
  query NextDue {
    requests(first: 5, status: [RECEIVED, IN_PROGRESS]) {
      nodes { id number kind dueAt overdue customer { ...Hit_Customer } }
    }
  }
`)

/** What waits, the most urgent first. */
export function Home() {
  const { t } = useLingui()
  const me = useMe()
  const { work } = useAsk(Today, {})
  const format = useFormat()
  const first = me.name.split(' ')[0]
  const tile = (to: string, count: number, label: ReactNode, bad = false, search: object = {}) => (
    <Link to={to} search={search} className={`tile${bad && count ? ' bad' : ''}`}>
      <span className="tile-count">{format.number(count)}</span>
      <span>{label}</span>
    </Link>
  )
  return (
    <Page title={t`Good day, ${first}`} lead={<Trans>What waits for you, and what is due next.</Trans>}>
      <div className="tiles">
        {may(me, 'READ_REQUESTS') && <>
          {tile('/requests', work.requestsOverdue, <Trans>requests overdue</Trans>, true, { overdue: true })}
          {tile('/requests', work.requestsDueIn24Hours, <Trans>requests due within a day</Trans>)}
          {tile('/requests', work.requestsOpen, <Trans>requests open</Trans>)}
        </>}
        {may(me, 'ANSWER') && tile('/conversations', work.conversationsUnanswered, <Trans>customers wait for an answer</Trans>)}
        {may(me, 'READ_COMPLAINTS') && tile('/complaints', work.complaintsUnacknowledged, <Trans>complaints to acknowledge</Trans>, true, { open: true })}
        {may(me, 'READ_APPROVALS') && tile('/approvals', work.approvalsForMe, <Trans>wait for a second person</Trans>)}
        {may(me, 'READ_HOLDS') && tile('/holds', work.holdsToReview, <Trans>holds to review</Trans>)}
        {may(me, 'READ_REVIEWS') && tile('/reviews', work.reviewsDue, <Trans>reviews due</Trans>)}
      </div>
      {work.deadLetters > 0 && (
        <Note tone="bad" title={<Trans>Letters that could not be sent: {format.number(work.deadLetters)}</Trans>}>
          <p><Trans>They were tried for half a day. Tell whoever runs the mail server.</Trans></p>
        </Note>
      )}
      {may(me, 'READ_REQUESTS') && <Next />}
      {work.oldestBackupAt && may(me, 'READ_COMPLIANCE') && <p className="quiet-text"><Trans>The oldest backup was taken <When at={work.oldestBackupAt} />.</Trans></p>}
    </Page>
  )
}

function Next() {
  const { t } = useLingui()
  const names = useNames()
  const { nodes } = useAsk(NextDue, {}).requests
  return (
    <Card id="next" title={<Trans>Due next</Trans>} actions={<Link to="/requests"><Trans>All requests</Trans></Link>}>
      {nodes.length === 0 ? <Empty title={<Trans>No request is open.</Trans>} /> : (
        <Table
          caption={t`Requests that are due next`} rows={nodes} mark={(row) => (row.overdue ? 'bad' : undefined)}
          columns={[
            { title: t`Request`, head: true, cell: (row) => <Link to="/requests/$number" params={{ number: row.number }}>{names.kind[row.kind]}</Link> },
            { title: t`Customer`, cell: (row) => <Hit customer={row.customer} /> },
            { title: t`Due`, cell: (row) => <Left dueAt={row.dueAt} /> },
          ]}
        />
      )}
    </Card>
  )
}
