import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { useSearch } from '@tanstack/react-router'
import { graphql } from '../../gql/support'
import { useAsk } from '../../shared/api/queries.tsx'
import { Card, Empty, Page, When } from '../../shared/ui/parts.tsx'
import { Table } from '../../shared/ui/table.tsx'
import { Assign } from '../assign.tsx'
import { OpenRecord } from '../find/open-record.tsx'
import { Hit, Steps } from '../parts.tsx'

const ConversationQueue = graphql(`
  query ConversationQueue($after: String) {
    conversations(first: 20, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { waitingSince unanswered assignedTo { id name } customer { ...Hit_Customer } }
    }
  }
`)

/** Customers who wait for an answer, the longest first. */
export function Conversations() {
  const { t } = useLingui()
  const { after } = useSearch({ from: '/inside/conversations' })
  const { nodes, pageInfo } = useAsk(ConversationQueue, { after: after ?? null }).conversations
  return (
    <Page title={t`Conversations`} lead={<Trans>Customers who wait for an answer, the longest first.</Trans>}>
      <Card>
        {nodes.length === 0 ? <Empty title={<Trans>Everybody was answered.</Trans>} /> : (
          <Table caption={t`Conversations`} rows={nodes.map((one) => ({ ...one, id: one.customer.id }))} columns={[
            { title: t`Customer`, head: true, cell: (row) => <Hit customer={row.customer} /> },
            { title: t`Waiting since`, cell: (row) => (row.waitingSince ? <When at={row.waitingSince} /> : '') },
            { title: t`Unanswered`, cell: (row) => <Plural value={row.unanswered} one="# message" other="# messages" /> },
            { title: t`With`, cell: (row) => <Assign id={row.customer.id} now={row.assignedTo} /> },
            { title: t`Read and answer`, bare: true, end: true, cell: (row) => <OpenRecord customer={row.customer} part="contact" /> },
          ]} />
        )}
        <Steps after={after} next={pageInfo.endCursor} more={pageInfo.hasNextPage} to={(next) => ({ to: '/conversations', search: { after: next } })} />
      </Card>
    </Page>
  )
}
