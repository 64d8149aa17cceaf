import { Trans, useLingui } from '@lingui/react/macro'
import { useSearch } from '@tanstack/react-router'
import { graphql } from '../../gql/support'
import { useAsk } from '../../shared/api/queries.tsx'
import { useFormat } from '../../shared/format.ts'
import { Card, Empty, Page } from '../../shared/ui/parts.tsx'
import { Table } from '../../shared/ui/table.tsx'
import { Steps } from '../parts.tsx'

const CertificateList = graphql(`
  query CertificateList($after: String) {
    certificates(first: 20, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { number closedAt eraseBy erasedAt verifiedAt clause sha256 }
    }
  }
`)

/** Erasures that were verified and signed. No personal data: nobody is left to name. */
export function Certificates() {
  const { t } = useLingui()
  const format = useFormat()
  const { after } = useSearch({ from: '/inside/certificates' })
  const { nodes, pageInfo, totalCount } = useAsk(CertificateList, { after: after ?? null }).certificates
  return (
    <Page title={t`Certificates`} lead={<Trans>Erasures that were verified and signed. They name nobody; whoever holds a code can open theirs.</Trans>}>
      <Card>
        {nodes.length === 0 ? <Empty title={<Trans>Nobody was erased yet.</Trans>} /> : (
          <>
            <p className="quiet-text"><Trans>Found: {format.number(totalCount)}</Trans></p>
            <Table caption={t`Certificates`} rows={nodes.map((one) => ({ ...one, id: one.number }))} columns={[
              { title: t`Number`, head: true, cell: (row) => row.number },
              { title: t`Clause`, cell: (row) => row.clause },
              { title: t`Closed`, cell: (row) => format.shortDate(row.closedAt) },
              { title: t`Erased`, cell: (row) => format.shortDate(row.erasedAt) },
              { title: t`Verified`, cell: (row) => format.shortDate(row.verifiedAt) },
              { title: t`Promised by`, cell: (row) => format.shortDate(row.eraseBy) },
              { title: 'SHA-256', cell: (row) => <code title={row.sha256}>{row.sha256.slice(0, 12)}…</code> },
            ]} />
          </>
        )}
        <Steps after={after} next={pageInfo.endCursor} more={pageInfo.hasNextPage} to={(next) => ({ to: '/certificates', search: { after: next } })} />
      </Card>
    </Page>
  )
}
