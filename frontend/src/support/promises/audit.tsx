import type { QueryClient } from '@tanstack/react-query'
import { Trans, useLingui } from '@lingui/react/macro'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { graphql } from '../../gql/support'
import type { Going } from '../../shared/arriving.tsx'
import { asking, useAsk } from '../../shared/api/queries.tsx'
import { DOT } from '../../shared/dot.ts'
import { useFormat } from '../../shared/format.ts'
import { Card, Empty, Page, Room } from '../../shared/ui/parts.tsx'
import { Table } from '../../shared/ui/table.tsx'
import { Filter, FilterDay, Filters, FilterText } from '../filters.tsx'
import { useNames } from '../names.ts'
import { Steps } from '../parts.tsx'
import type { AuditSearch } from '../searches.ts'

const Colleagues = graphql(`
  query Colleagues {
    staff { id name }
  }
`)
const AuditList = graphql(`
  query AuditList($after: String, $staff: ID, $action: String, $from: DateTime, $to: DateTime) {
    audit(first: 25, after: $after, staff: $staff, action: $action, from: $from, to: $to) {
      pageInfo { hasNextPage endCursor }
      nodes { sequence at action title actor reason ticket fields hash customer { number } }
    }
  }
`)

/** Everything that anybody did, as it was sealed. */
export function Audit() {
  const { t } = useLingui()
  const search = useSearch({ from: '/inside/audit' })
  const go = useNavigate()
  const { staff } = useAsk(Colleagues, {})
  const change = (part: AuditSearch) => void go({ to: '/audit', search: { ...search, after: undefined, ...part }, replace: true })
  return (
    <Page title={t`Audit`} lead={<Trans>Who did what, and why. Each entry carries its place in the signed chain.</Trans>}>
      <Filters>
        <Filter label={t`By`} options={[['', t`Anybody`], ...staff.map((one): [string, string] => [one.id, one.name])]} value={search.staff} choose={(value) => change({ staff: value })} />
        <FilterText key={search.action ?? ''} label={t`Action, as record.opened`} value={search.action} choose={(value) => change({ action: value })} />
        <FilterDay label={t`From`} value={search.from} choose={(value) => change({ from: value })} />
        <FilterDay label={t`To`} value={search.to} choose={(value) => change({ to: value })} />
      </Filters>
      <Room><Found search={search} /></Room>
    </Page>
  )
}

/** The day after, as the end that is not included. */
const next = (day: string) => new Date(new Date(`${day}T00:00:00Z`).getTime() + 86_400_000).toISOString()

const wanted = (search: AuditSearch) => ({
  after: search.after ?? null, staff: search.staff ?? null, action: search.action ?? null,
  from: search.from ? `${search.from}T00:00:00Z` : null, to: search.to ? next(search.to) : null,
})

Audit.before = (client: QueryClient, { location }: Going) => Promise.all([asking(Colleagues, {})(client), asking(AuditList, wanted(location.search as AuditSearch))(client)])

function Found({ search }: { search: AuditSearch }) {
  const { t } = useLingui()
  const names = useNames()
  const format = useFormat()
  const { nodes, pageInfo } = useAsk(AuditList, wanted(search)).audit
  if (nodes.length === 0) return <Card><Empty title={<Trans>Nothing like this is recorded.</Trans>} /></Card>
  return (
    <Card>
      <Table caption={t`Audit`} rows={nodes.map((one, place) => ({ ...one, id: `${one.sequence}-${place}` }))} columns={[
        { title: t`When`, head: true, tight: true, cell: (row) => <>{format.dateTime(row.at)}<br /><span className="quiet-text small-text number">{row.sequence}{row.hash && <> <code title={row.hash}>{row.hash.slice(0, 10)}…</code></>}</span></> },
        { title: t`What`, cell: (row) => <>{row.title}<br /><code className="small-text tight">{row.action}</code></> },
        { title: t`By`, tight: true, cell: (row) => row.actor },
        { title: t`Customer`, cell: (row) => row.customer?.number ?? '' },
        { title: t`Why`, cell: (row) => [names.why(row.reason), row.ticket].filter(Boolean).join(DOT) },
        { title: t`Fields`, cell: (row) => row.fields.map(names.field).join(', ') },
      ]} />
      <Steps after={search.after} next={pageInfo.endCursor} more={pageInfo.hasNextPage} to={(after) => ({ to: '/audit', search: { ...search, after } })} />
    </Card>
  )
}
