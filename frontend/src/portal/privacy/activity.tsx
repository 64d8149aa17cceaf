import { Trans, useLingui } from '@lingui/react/macro'
import type { QueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { graphql } from '../../gql/customer'
import type { ActivityPageQuery, EventKind } from '../../gql/customer/graphql.ts'
import { askingPages, useAskPages } from '../../shared/api/pages.ts'
import type { Going } from '../../shared/arriving.tsx'
import { useSettled } from '../../shared/api/queries.tsx'
import { useFieldNames } from '../../shared/fields.ts'
import { useFormat } from '../../shared/format.ts'
import { Choice } from '../../shared/ui/form.tsx'
import { Card, Empty, Page } from '../../shared/ui/parts.tsx'
import { More, Table } from '../../shared/ui/table.tsx'
import { By } from '../profile/history.tsx'

const ActivityPage = graphql(`
  query ActivityPage($after: String, $kind: [EventKind!]) {
    viewer {
      id
      events(first: 20, after: $after, kind: $kind) {
        nodes { id at kind title reason ticket fields ip actor { kind name role } place { city country } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`)

const wanted = (kind?: EventKind) => ({ kind: kind ? [kind] : null })
const events = (page: ActivityPageQuery) => page.viewer?.events

/** Everything that happened to the account, staff's reads included. */
export function Activity() {
  const { t } = useLingui()
  const format = useFormat()
  const go = useNavigate()
  const { kind } = useSearch({ from: '/inside/activity' })
  const { nodes, more } = useAskPages(ActivityPage, useSettled(wanted(kind)), events)
  const named = useFieldNames()
  const kinds: Record<EventKind, string> = {
    ACCESS: t`somebody looked`, AUTHENTICATION: t`signing in`, CREATE: t`something new`, MODIFY: t`something changed`, REMOVE: t`something removed`,
    RESTORE: t`something restored`, NOTICE: t`we wrote to you`,
  }
  return (
    <Page title={t`Who looked`} lead={<Trans>Everything that happened to your account. When one of us looks or acts, you see who, why and at what.</Trans>}>
      <Card>
        <div className="filters">
          <Choice label={t`Show`} name="kind" value={kind ?? ''} onChange={(value) => void go({ to: '/activity', search: value ? { kind: value as EventKind } : {}, replace: true })} options={[['', t`everything`], ...Object.entries(kinds)]} />
        </div>
        {nodes.length === 0 ? <Empty title={<Trans>Nothing of this kind happened.</Trans>} /> : (
          <Table
            caption={t`Who looked`}
            mark={(row) => (row.actor.kind === 'STAFF' ? 'warn' : undefined)}
            columns={[
              { title: t`What`, head: true, cell: (row) => <>{row.title}{row.fields.length > 0 && <span className="quiet-text small-text"><br />{format.list(row.fields.map(named))}</span>}</> },
              { title: t`Who`, cell: (row) => <By {...row.actor} /> },
              { title: t`Why`, cell: (row) => <>{row.reason}{row.ticket && <span className="quiet-text small-text"><br />{row.ticket}</span>}</> },
              { title: t`When`, tight: true, cell: (row) => format.dateTime(row.at) },
            ]}
            rows={nodes}
          />
        )}
        <More {...more} />
      </Card>
    </Page>
  )
}
Activity.before = (client: QueryClient, { location }: Going) => askingPages(ActivityPage, wanted(location.search.kind as EventKind | undefined), events)(client)
