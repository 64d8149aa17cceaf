import { Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { graphql } from '../../gql/customer'
import type { History_ChangeFragment, HistoryPageQuery } from '../../gql/customer/graphql.ts'
import { askingPages, useAskPages } from '../../shared/api/pages.ts'
import { useAct } from '../../shared/api/queries.tsx'
import { useFormat } from '../../shared/format.ts'
import { CancelButton, DialogButton } from '../../shared/ui/dialog.tsx'
import { Button } from '../../shared/ui/form.tsx'
import { Card, Empty, Note, Page, Tag } from '../../shared/ui/parts.tsx'
import { More, Table } from '../../shared/ui/table.tsx'
import { TroubleNote } from '../../shared/ui/trouble.tsx'

export const ChangeParts = graphql(`
  fragment History_Change on Change { id field title oldValue newValue changedAt restorableUntil restoredAt by { kind name role } }
`)
const HistoryPage = graphql(`
  query HistoryPage($after: String) {
    viewer { id changes(first: 20, after: $after) { nodes { ...History_Change } pageInfo { hasNextPage endCursor } } }
  }
`)
const changes = (page: HistoryPageQuery) => page.viewer?.changes
const RestoreValue = graphql(`
  mutation RestoreValue($id: ID!) {
    restoreValue(changeId: $id) { ... on ValueRestored { __typename change { id title } } ...Refused }
  }
`)

export function History() {
  const { t } = useLingui()
  const format = useFormat()
  const [restored, setRestored] = useState<string>()
  const { nodes, more } = useAskPages(HistoryPage, {}, changes)
  return (
    <Page title={t`Old values`} lead={<Trans>When something of yours changes we keep the old value for a while, so that you can have it back. Then it is gone. <Link to="/profile">Back to my profile</Link></Trans>}>
      {restored && <Note tone="good" live><p><Trans>{restored} is as it was before.</Trans></p></Note>}
      <Card>
        {nodes.length === 0 ? <Empty title={<Trans>Nothing has changed lately.</Trans>}><p><Trans>Old values of your profile, e-mail address and removed payment methods appear here.</Trans></p></Empty> : (
          <Table
            caption={t`Old values`}
            columns={[
              { title: t`What`, head: true, cell: (row) => row.title },
              { title: t`From and to`, cell: (row) => <span className="diff"><del><Said {...row} value={row.oldValue} /></del><ins><Said {...row} value={row.newValue} /></ins></span> },
              { title: t`When`, tight: true, cell: (row) => format.dateTime(row.changedAt) },
              { title: t`By`, cell: (row) => <By {...row.by} /> },
              { title: t`Can be had back`, cell: (row) => row.restoredAt ? <Tag tone="good"><Trans>restored {format.shortDate(row.restoredAt)}</Trans></Tag> : <Restore change={row} done={() => setRestored(row.title)} /> },
            ]}
            rows={nodes}
          />
        )}
        <More {...more} />
      </Card>
    </Page>
  )
}
History.before = askingPages(HistoryPage, {}, changes)

/** A value as it is held: a birthday as the language writes it, an address with the name of its country. */
function Said({ field, value }: { field: string; value: string | null }) {
  const format = useFormat()
  if (!value) return '—'
  if (field === 'birthdate') return format.date(value)
  return field === 'address' ? value.replace(/[A-Z]{2}$/, format.country) : value
}

export function By({ kind, name, role }: { kind: 'CUSTOMER' | 'STAFF' | 'SYSTEM'; name: string | null; role: string | null }) {
  if (kind === 'CUSTOMER') return <Trans>you</Trans>
  if (kind === 'SYSTEM') return <Trans>our system</Trans>
  if (!name) return <Trans>one of our staff</Trans>
  return <>{name}{role && <span className="quiet-text"> ({role})</span>}</>
}

function Restore({ change, done }: { change: History_ChangeFragment; done: () => void }) {
  const format = useFormat()
  const { act, busy, trouble } = useAct(RestoreValue)
  return (
    <span className="stack tight">
      <span className="small-text"><Trans>until {format.date(change.restorableUntil)}</Trans></span>
      <DialogButton small label={<Trans>Have it back</Trans>} title={<Trans>Have the old value back?</Trans>}>
        {(close) => (
          <>
            <p><Trans>{change.title} will be <strong><Said {...change} value={change.oldValue} /></strong> again.</Trans></p>
            {trouble && <TroubleNote trouble={trouble} />}
            <div className="actions">
              <Button tone="main" busy={busy} onPress={async () => { if (await act({ id: change.id })) { close(); done() } }}><Trans>Have it back</Trans></Button>
              <CancelButton close={close} />
            </div>
          </>
        )}
      </DialogButton>
    </span>
  )
}
