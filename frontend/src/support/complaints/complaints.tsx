import { Trans, useLingui } from '@lingui/react/macro'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { graphql } from '../../gql/support'
import { useAsk } from '../../shared/api/queries.tsx'
import { useFormat } from '../../shared/format.ts'
import { Card, Empty, Page, Room } from '../../shared/ui/parts.tsx'
import { Table } from '../../shared/ui/table.tsx'
import { Filter, Filters, FilterTick } from '../filters.tsx'
import { useMay, useMe } from '../me.ts'
import { Hit, Left, Steps } from '../parts.tsx'
import type { ComplaintSearch } from '../searches.ts'
import { ReceiveComplaint } from './receive.tsx'

const ComplaintQueue = graphql(`
  query ComplaintQueue($after: String, $open: Boolean, $overdue: Boolean, $assignedTo: ID) {
    complaints(first: 20, after: $after, open: $open, overdue: $overdue, assignedTo: $assignedTo) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { id number channel receivedAt acknowledgeBy acknowledgedAt closedAt overdue assignedTo { id name } customer { ...Hit_Customer } }
    }
  }
`)

export function Complaints() {
  const { t } = useLingui()
  const search = useSearch({ from: '/inside/complaints' })
  const go = useNavigate()
  const handles = useMay('HANDLE_COMPLAINTS')
  const change = (part: ComplaintSearch) => void go({ to: '/complaints', search: { ...search, after: undefined, ...part }, replace: true })
  return (
    <Page title={t`Complaints`} lead={<Trans>From customers and from anybody else. Each is acknowledged within five working days.</Trans>} actions={handles && <ReceiveComplaint />}>
      <Filters>
        <Filter
          label={t`Which`} options={[['', t`All`], ['true', t`Open`], ['false', t`Closed`]]} value={search.open === undefined ? undefined : String(search.open)}
          choose={(value) => change({ open: value === undefined ? undefined : value === 'true' })}
        />
        <FilterTick on={search.overdue ?? false} choose={(on) => change({ overdue: on || undefined })}><Trans>Overdue only</Trans></FilterTick>
        <FilterTick on={search.mine ?? false} choose={(on) => change({ mine: on || undefined })}><Trans>Mine</Trans></FilterTick>
      </Filters>
      <Room><Found search={search} /></Room>
    </Page>
  )
}

function Found({ search }: { search: ComplaintSearch }) {
  const { t } = useLingui()
  const format = useFormat()
  const me = useMe()
  const { complaints } = useAsk(ComplaintQueue, { after: search.after ?? null, open: search.open ?? null, overdue: search.overdue ?? null, assignedTo: search.mine ? me.id : null })
  if (complaints.nodes.length === 0) return <Card><Empty title={<Trans>There is no such complaint.</Trans>} /></Card>
  return (
    <Card>
      <p className="quiet-text" role="status"><Trans>Found: {format.number(complaints.totalCount)}</Trans></p>
      <Table
        caption={t`Complaints`} rows={complaints.nodes} mark={(row) => (row.overdue ? 'bad' : undefined)}
        columns={[
          { title: t`Complaint`, head: true, cell: (row) => <Link to="/complaints/$number" params={{ number: row.number }}>{row.number}</Link> },
          { title: t`From`, cell: (row) => (row.customer ? <Hit customer={row.customer} /> : <Trans>Not a customer</Trans>) },
          { title: t`Received`, cell: (row) => format.date(row.receivedAt) },
          { title: t`With`, cell: (row) => row.assignedTo?.name ?? <span className="quiet-text"><Trans>Nobody</Trans></span> },
          { title: t`Acknowledge`, cell: (row) => <Left dueAt={row.acknowledgeBy} done={Boolean(row.acknowledgedAt)} late={row.overdue} /> },
          { title: t`Closed`, cell: (row) => (row.closedAt ? format.date(row.closedAt) : '') },
        ]}
      />
      <Steps after={search.after} next={complaints.pageInfo.endCursor} more={complaints.pageInfo.hasNextPage} to={(after) => ({ to: '/complaints', search: { ...search, after } })} />
    </Card>
  )
}
