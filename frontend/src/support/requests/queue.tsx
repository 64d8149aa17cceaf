import { Trans, useLingui } from '@lingui/react/macro'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { graphql } from '../../gql/support'
import { useAsk } from '../../shared/api/queries.tsx'
import { useFormat } from '../../shared/format.ts'
import { Card, Empty, Page, Room } from '../../shared/ui/parts.tsx'
import { Table } from '../../shared/ui/table.tsx'
import { Filter, FilterTick, Filters } from '../filters.tsx'
import { useMay, useMe } from '../me.ts'
import { options, useNames } from '../names.ts'
import { Hit, Left, Steps } from '../parts.tsx'
import type { QueueSearch } from '../searches.ts'

const WorkQueue = graphql(`
  query WorkQueue($after: String, $status: [RequestStatus!], $kind: [RequestKind!], $channel: [RequestChannel!], $overdue: Boolean, $assignedTo: ID) {
    requests(first: 20, after: $after, status: $status, kind: $kind, channel: $channel, overdue: $overdue, assignedTo: $assignedTo) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes {
        id number kind channel status receivedAt dueAt overdue copyReadyAt fulfilledAt
        customer { ...Hit_Customer }
        assignedTo { id name }
        latestEvent { at title }
      }
    }
  }
`)

/** Open work, the earliest deadline on top. What it is filtered by stands in the address. */
export function Queue() {
  const { t } = useLingui()
  const names = useNames()
  const search = useSearch({ from: '/inside/requests' })
  const go = useNavigate()
  const desk = useMay('SERVE_REQUESTS')
  const change = (part: QueueSearch) => void go({ to: '/requests', search: { ...search, after: undefined, ...part }, replace: true })
  const any: [string, string] = ['', t`All`]
  return (
    <Page
      title={t`Requests`} lead={<Trans>Open work, what is due next on top.</Trans>}
      actions={desk && <Link to="/find" className="button main"><Trans>Receive a request</Trans></Link>}
    >
      <Filters>
        <Filter label={t`Kind`} options={[any, ...options(names.kind)]} value={search.kind} choose={(kind) => change({ kind: kind as QueueSearch['kind'] })} />
        <Filter label={t`Status`} options={[['', t`Open`], ...options(names.status)]} value={search.status} choose={(status) => change({ status: status as QueueSearch['status'] })} />
        <Filter label={t`Channel`} options={[any, ...options(names.channel)]} value={search.channel} choose={(channel) => change({ channel: channel as QueueSearch['channel'] })} />
        <FilterTick on={search.overdue ?? false} choose={(on) => change({ overdue: on || undefined })}><Trans>Overdue only</Trans></FilterTick>
        <FilterTick on={search.mine ?? false} choose={(on) => change({ mine: on || undefined })}><Trans>Mine</Trans></FilterTick>
      </Filters>
      <Room><Found search={search} /></Room>
    </Page>
  )
}

function Found({ search }: { search: QueueSearch }) {
  const { t } = useLingui()
  const names = useNames()
  const format = useFormat()
  const me = useMe()
  const { requests } = useAsk(WorkQueue, {
    after: search.after ?? null, status: search.status ? [search.status] : ['RECEIVED', 'IN_PROGRESS'], kind: search.kind ? [search.kind] : null,
    channel: search.channel ? [search.channel] : null, overdue: search.overdue ?? null, assignedTo: search.mine ? me.id : null,
  })
  if (requests.nodes.length === 0) return <Card><Empty title={<Trans>Nothing here is waiting.</Trans>} /></Card>
  return (
    <Card>
      <p className="quiet-text" role="status"><Trans>Found: {format.number(requests.totalCount)}</Trans></p>
      <Table
        caption={t`Requests`} rows={requests.nodes} mark={(row) => (row.overdue ? 'bad' : undefined)}
        columns={[
          { title: t`Request`, head: true, cell: (row) => <><Link to="/requests/$number" params={{ number: row.number }}>{names.kind[row.kind]}</Link><br /><span className="quiet-text small-text number">{row.number}</span></> },
          { title: t`Customer`, cell: (row) => <Hit customer={row.customer} /> },
          { title: t`Channel`, cell: (row) => names.channel[row.channel] },
          { title: t`Status`, cell: (row) => names.status[row.status] },
          { title: t`Last`, cell: (row) => row.latestEvent?.title ?? '' },
          { title: t`With`, cell: (row) => row.assignedTo?.name ?? <span className="quiet-text"><Trans>Nobody</Trans></span> },
          { title: t`Due`, cell: (row) => <><Left dueAt={row.dueAt} done={Boolean(row.copyReadyAt ?? row.fulfilledAt)} late={row.overdue} /><br /><span className="quiet-text small-text">{format.dateTime(row.dueAt)}</span></> },
        ]}
      />
      <Steps after={search.after} next={requests.pageInfo.endCursor} more={requests.pageInfo.hasNextPage} to={(after) => ({ to: '/requests', search: { ...search, after } })} />
    </Card>
  )
}
