import { Trans, useLingui } from '@lingui/react/macro'
import { graphql } from '../../gql/support'
import { useAskPages } from '../../shared/api/pages.ts'
import { useFormat } from '../../shared/format.ts'
import { Card, Empty, Facts, Tag } from '../../shared/ui/parts.tsx'
import { More, Table } from '../../shared/ui/table.tsx'
import { useNames } from '../names.ts'
import { Value } from './reveal.tsx'

const RecordSignIns = graphql(`
  query RecordSignIns($id: ID!, $after: String) {
    customer(id: $id) {
      id
      access { sessions secondFactor lastSignInAt securedAt }
      signIns(first: 20, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { id at outcome method country isNewDevice reportedAt ip { ...Masked_Value } }
      }
    }
  }
`)

export function PeoplePart({ id }: { id: string }) {
  const { t } = useLingui()
  const names = useNames()
  const format = useFormat()
  const { nodes, first, more } = useAskPages(RecordSignIns, { id }, (page) => page.customer?.signIns)
  const access = first.customer?.access
  if (!access) return null
  return (
    <>
      <Card id="access" title={<Trans>Access now</Trans>}>
        <Facts facts={[
          [t`Open sessions`, format.number(access.sessions)],
          [t`Second factor`, access.secondFactor ? t`Yes` : t`No`],
          [t`Last signed in`, access.lastSignInAt ? format.dateTime(access.lastSignInAt) : t`Never`],
          [t`Secured`, access.securedAt ? format.dateTime(access.securedAt) : t`No`],
        ]} />
      </Card>
      <Card id="sign-ins" title={<Trans>Sign-ins</Trans>}>
        {nodes.length === 0 ? <Empty title={<Trans>No attempt is on record.</Trans>} /> : (
          <Table caption={t`Attempts to sign in, newest first`} rows={nodes} columns={[
            { title: t`When`, head: true, tight: true, cell: (row) => format.dateTime(row.at) },
            { title: t`Outcome`, cell: (row) => <Tag tone={row.outcome === 'SUCCEEDED' ? 'good' : 'warn'}>{names.outcome[row.outcome]}</Tag> },
            { title: t`Method`, cell: (row) => names.method[row.method] },
            { title: t`IP address`, cell: (row) => <Value name={t`IP address`} value={row.ip} /> },
            { title: t`Country`, cell: (row) => (row.country ? format.country(row.country) : t`Unknown`) },
            { title: t`Noted`, cell: (row) => (row.isNewDevice || row.reportedAt) && <span className="row">{row.isNewDevice && <Tag><Trans>New device</Trans></Tag>}{row.reportedAt && <Tag tone="bad"><Trans>Not them</Trans></Tag>}</span> },
          ]} />
        )}
        <More {...more} />
      </Card>
    </>
  )
}
