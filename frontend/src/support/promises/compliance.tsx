import type { QueryClient } from '@tanstack/react-query'
import { Trans, useLingui } from '@lingui/react/macro'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { graphql } from '../../gql/support'
import type { ComplianceReportQuery } from '../../gql/support/graphql.ts'
import { asking, useAsk } from '../../shared/api/queries.tsx'
import { useFormat } from '../../shared/format.ts'
import { Button } from '../../shared/ui/form.tsx'
import { type Going, later } from '../../shared/arriving.tsx'
import { Card, Facts, Page, Room, Tag } from '../../shared/ui/parts.tsx'
import { Table } from '../../shared/ui/table.tsx'
import { FilterDay, Filters } from '../filters.tsx'
import { csv, download } from './download.ts'
import { useLengths } from './lengths.ts'

/** It draws beside the figures, and comes after them. */
const Chart = later(() => import('./chart.tsx').then((found) => found.Chart))

const ComplianceReport = graphql(`
  query ComplianceReport($from: Date!, $to: Date!) {
    compliance(from: $from, to: $to) {
      from to generatedAt document sha256 signature keyId
      promises { clause title limit measured kept broken open oldestOpenAt worstSeconds p95Seconds evidence }
    }
  }
`)

type Report = ComplianceReportQuery['compliance']

const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10)

/** Each promise of the policy, kept and broken, over a period. */
export function Compliance() {
  const { t } = useLingui()
  const search = useSearch({ from: '/inside/compliance' })
  const go = useNavigate()
  const from = search.from ?? day(90), to = search.to ?? day(0)
  const change = (part: { from?: string | undefined; to?: string | undefined }) => void go({ to: '/compliance', search: { from, to, ...part }, replace: true })
  return (
    <Page title={t`Promises kept`} lead={<Trans>Every clause of the policy, measured. What is not measured is not shown as kept.</Trans>}>
      <Filters>
        <FilterDay label={t`From`} value={from} choose={(value) => change({ from: value })} />
        <FilterDay label={t`To`} value={to} choose={(value) => change({ to: value })} />
      </Filters>
      <Room><Shown from={from} to={to} /></Room>
    </Page>
  )
}

Compliance.before = (client: QueryClient, { location: { search } }: Going) =>
  asking(ComplianceReport, { from: (search.from as string | undefined) ?? day(90), to: (search.to as string | undefined) ?? day(0) })(client)

function Shown({ from, to }: { from: string; to: string }) {
  const { t } = useLingui()
  const format = useFormat()
  const lengths = useLengths()
  const report: Report = useAsk(ComplianceReport, { from, to }).compliance
  const rows = report.promises.map((one, place) => ({ ...one, id: `${one.clause}-${one.evidence}-${place}` }))
  const sum = (name: 'kept' | 'broken' | 'open') => report.promises.reduce((total, one) => total + one[name], 0)
  const broken = sum('broken')
  return (
    <>
      <Card
        id="sum" title={broken ? <Trans>Broken: {format.number(broken)}</Trans> : <Trans>No promise was broken</Trans>}
        actions={<div className="actions">
          <Button small onPress={() => window.print()}><Trans>Print</Trans></Button>
          <Button small onPress={() => download(`promises-${from}-${to}.csv`, 'text/csv', csv(['clause', 'title', 'limit', 'measured', 'kept', 'broken', 'open', 'oldest open', 'worst seconds', 'p95 seconds', 'evidence'], report.promises.map((one) => [one.clause, one.title, one.limit, one.measured, one.kept, one.broken, one.open, one.oldestOpenAt, one.worstSeconds, one.p95Seconds, one.evidence])))}>CSV</Button>
          <Button small onPress={() => download(`promises-${from}-${to}.json`, 'application/json', JSON.stringify({ document: report.document, sha256: report.sha256, signature: report.signature, keyId: report.keyId }, null, 2))}><Trans>Signed JSON</Trans></Button>
        </div>}
      >
        <Promises report={report} />
      </Card>
      <Card id="promises" title={<Trans>Clause by clause</Trans>}>
        <Table
          caption={t`Promises`} rows={rows} mark={(row) => (row.broken ? 'bad' : undefined)}
          columns={[
            { title: t`Clause`, cell: (row) => row.clause },
            { title: t`Promise`, head: true, cell: (row) => row.title },
            { title: t`Limit`, cell: (row) => (row.limit ? lengths.iso(row.limit) : '—') },
            { title: t`Measured`, end: true, cell: (row) => format.number(row.measured) },
            { title: t`Kept`, end: true, cell: (row) => format.number(row.kept) },
            { title: t`Broken`, end: true, cell: (row) => (row.broken ? <Tag tone="bad">{format.number(row.broken)}</Tag> : '0') },
            { title: t`Open`, end: true, cell: (row) => format.number(row.open) },
            { title: t`Slowest`, end: true, cell: (row) => (row.worstSeconds === null ? '—' : lengths.seconds(row.worstSeconds)) },
            { title: t`95 %`, end: true, cell: (row) => (row.p95Seconds === null ? '—' : lengths.seconds(row.p95Seconds)) },
          ]}
        />
      </Card>
      <Card id="proof" title={<Trans>Proof</Trans>}>
        <Facts facts={[
          [t`Measured at`, format.dateTime(report.generatedAt)],
          ['SHA-256', <code key="s">{report.sha256}</code>],
          [t`Signature (Ed25519)`, <code key="g">{report.signature}</code>],
          [t`Key`, <code key="k">{report.keyId}</code>],
        ]} />
      </Card>
    </>
  )
}

function Promises({ report }: { report: Report }) {
  const { t } = useLingui()
  const shown = report.promises.filter((one) => one.measured > 0)
  const lines = [
    { label: t`Broken`, colour: '--bad', values: shown.map((one) => one.broken) },
    { label: t`Kept`, colour: '--good', values: shown.map((one) => one.kept) },
    { label: t`Open`, colour: '--warn', values: shown.map((one) => one.open) },
  ]
  return <Chart label={t`Kept, open and broken, by clause`} places={shown.map((_, at) => at)} names={shown.map((one) => one.clause)} lines={lines} stacked rooted />
}
