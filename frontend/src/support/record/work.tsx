import { Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import { graphql } from '../../gql/support'
import { useAsk } from '../../shared/api/queries.tsx'
import { DOT } from '../../shared/dot.ts'
import { useFieldNames } from '../../shared/fields.ts'
import { useFormat } from '../../shared/format.ts'
import { Card, Empty } from '../../shared/ui/parts.tsx'
import { Table } from '../../shared/ui/table.tsx'
import { useMay } from '../me.ts'
import { useNames } from '../names.ts'
import { Left } from '../parts.tsx'

const RecordWork = graphql(`
  query RecordWork($id: ID!) {
    customer(id: $id) {
      id
      requests { id number kind status dueAt overdue copyReadyAt fulfilledAt }
      complaints { id number receivedAt acknowledgedAt closedAt overdue }
      holds { id basis scope placedAt placedBy reviewBy releasedAt toldToCustomer }
      obligations { id clause title startedAt dueAt ceiling doneAt movedBecause }
    }
  }
`)

export function WorkPart({ id }: { id: string }) {
  const { t } = useLingui()
  const names = useNames()
  const format = useFormat()
  const field = useFieldNames()
  const requests = useMay('READ_REQUESTS'), complaints = useMay('READ_COMPLAINTS')
  const record = useAsk(RecordWork, { id }).customer
  if (!record) return null
  return (
    <>
      <Card id="requests" title={<Trans>Requests</Trans>}>
        {record.requests.length === 0 ? <Empty title={<Trans>None was made.</Trans>} /> : (
          <Table caption={t`Requests`} rows={record.requests} mark={(row) => (row.overdue ? 'bad' : undefined)} columns={[
            { title: t`Request`, head: true, cell: (row) => (requests ? <Link to="/requests/$number" params={{ number: row.number }}>{names.kind[row.kind]} {row.number}</Link> : `${names.kind[row.kind]} ${row.number}`) },
            { title: t`Status`, cell: (row) => names.status[row.status] },
            { title: t`Due`, cell: (row) => <Left dueAt={row.dueAt} done={Boolean(row.copyReadyAt ?? row.fulfilledAt)} late={row.overdue} /> },
          ]} />
        )}
      </Card>
      <Card id="complaints" title={<Trans>Complaints</Trans>}>
        {record.complaints.length === 0 ? <Empty title={<Trans>None was made.</Trans>} /> : (
          <Table caption={t`Complaints`} rows={record.complaints} mark={(row) => (row.overdue ? 'bad' : undefined)} columns={[
            { title: t`Complaint`, head: true, cell: (row) => (complaints ? <Link to="/complaints/$number" params={{ number: row.number }}>{row.number}</Link> : row.number) },
            { title: t`Received`, cell: (row) => format.date(row.receivedAt) },
            { title: t`Acknowledged`, cell: (row) => (row.acknowledgedAt ? format.date(row.acknowledgedAt) : t`Not yet`) },
            { title: t`Closed`, cell: (row) => (row.closedAt ? format.date(row.closedAt) : t`Not yet`) },
          ]} />
        )}
      </Card>
      <Card id="holds" title={<Trans>Holds</Trans>}>
        {record.holds.length === 0 ? <Empty title={<Trans>Nothing is held back from erasure.</Trans>} /> : (
          <Table caption={t`Holds`} rows={record.holds} columns={[
            { title: t`Basis`, head: true, cell: (row) => row.basis ?? '' },
            { title: t`What`, cell: (row) => row.scope.map(field).join(', ') },
            { title: t`Placed`, cell: (row) => `${format.date(row.placedAt)}${DOT}${row.placedBy}` },
            { title: t`Review by`, cell: (row) => (row.releasedAt ? t`Released` : format.date(row.reviewBy)) },
          ]} />
        )}
      </Card>
      <Card id="obligations" title={<Trans>Dates the policy sets</Trans>}>
        {record.obligations.length === 0 ? <Empty title={<Trans>No date is set.</Trans>} /> : (
          <Table caption={t`Dates the policy sets`} rows={record.obligations} columns={[
            { title: t`What`, head: true, cell: (row) => <>{row.title} <span className="quiet-text small-text"><Trans>Clause {row.clause}</Trans></span></> },
            { title: t`Since`, cell: (row) => format.dateTime(row.startedAt) },
            { title: t`Due`, cell: (row) => (row.doneAt ? t`Done` : format.dateTime(row.dueAt)) },
            { title: t`At the latest`, cell: (row) => (row.ceiling ? format.dateTime(row.ceiling) : '') },
            { title: t`Moved because`, cell: (row) => row.movedBecause ?? '' },
          ]} />
        )}
      </Card>
    </>
  )
}
