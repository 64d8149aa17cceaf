import { Trans, useLingui } from '@lingui/react/macro'
import { graphql } from '../../gql/support'
import { useAskPages } from '../../shared/api/pages.ts'
import { DOT } from '../../shared/dot.ts'
import { useFormat } from '../../shared/format.ts'
import { Card, Empty } from '../../shared/ui/parts.tsx'
import { More, Table } from '../../shared/ui/table.tsx'
import { useNames } from '../names.ts'

const RecordHistory = graphql(`
  query RecordHistory($id: ID!, $after: String) {
    customer(id: $id) {
      id
      events(first: 20, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { sequence at title actor reason ticket fields hash }
      }
    }
  }
`)

export function HistoryPart({ id }: { id: string }) {
  const { t } = useLingui()
  const format = useFormat()
  const names = useNames()
  const { nodes, more } = useAskPages(RecordHistory, { id }, (page) => page.customer?.events)
  return (
    <Card id="history" title={<Trans>Everything that happened, reads included</Trans>}>
      {nodes.length === 0 ? <Empty title={<Trans>Nothing is recorded.</Trans>} /> : (
        <Table caption={t`Events, newest first`} rows={nodes.map((one, place) => ({ ...one, id: `${one.sequence}-${one.hash}-${place}` }))} columns={[
          { title: t`When`, head: true, tight: true, cell: (row) => format.dateTime(row.at) },
          { title: t`What`, cell: (row) => row.title },
          { title: t`By`, tight: true, cell: (row) => row.actor },
          { title: t`Why`, cell: (row) => [names.why(row.reason), row.ticket].filter(Boolean).join(DOT) },
          { title: t`Fields`, cell: (row) => row.fields.map(names.field).join(', ') },
        ]} />
      )}
      <More {...more} />
    </Card>
  )
}
