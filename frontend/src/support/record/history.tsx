import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { graphql } from '../../gql/support'
import { useAsk } from '../../shared/api/queries.tsx'
import { useFormat } from '../../shared/format.ts'
import { Card, Empty } from '../../shared/ui/parts.tsx'
import { More, Table } from '../../shared/ui/table.tsx'

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
  const [after, go] = useState<string>()
  const record = useAsk(RecordHistory, { id, after: after ?? null }).customer
  if (!record) return null
  const { nodes, pageInfo } = record.events
  return (
    <Card id="history" title={<Trans>Everything that happened, reads included</Trans>}>
      {nodes.length === 0 ? <Empty title={<Trans>Nothing is recorded.</Trans>} /> : (
        <Table caption={t`Events, newest first`} rows={nodes.map((one, place) => ({ ...one, id: `${one.sequence}-${one.hash}-${place}` }))} columns={[
          { title: t`When`, head: true, cell: (row) => format.dateTime(row.at) },
          { title: t`What`, cell: (row) => row.title },
          { title: t`By`, cell: (row) => row.actor },
          { title: t`Why`, cell: (row) => [row.reason, row.ticket].filter(Boolean).join(' · ') },
          { title: t`Fields`, cell: (row) => row.fields.join(', ') },
        ]} />
      )}
      <More next={pageInfo.hasNextPage ? pageInfo.endCursor : null} to={go} />
    </Card>
  )
}
