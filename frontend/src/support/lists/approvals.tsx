import { Trans, useLingui } from '@lingui/react/macro'
import { useSearch } from '@tanstack/react-router'
import { graphql } from '../../gql/support'
import { useAct, useAsk } from '../../shared/api/queries.tsx'
import { DOT } from '../../shared/dot.ts'
import { useFormat } from '../../shared/format.ts'
import { CancelButton, DialogButton } from '../../shared/ui/dialog.tsx'
import { ActForm, Button, Field } from '../../shared/ui/form.tsx'
import { Card, Empty, Page, Tag } from '../../shared/ui/parts.tsx'
import { Table } from '../../shared/ui/table.tsx'
import { TroubleNote } from '../../shared/ui/trouble.tsx'
import { useNames } from '../names.ts'
import { Hit, Left, Steps } from '../parts.tsx'

const ApprovalList = graphql(`
  query ApprovalList($after: String) {
    approvals(first: 20, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { id kind reason proposedAt dueAt mine forMe proposedBy { id name } customer { ...Hit_Customer } }
    }
  }
`)
const Approve = graphql(`
  mutation Approve($id: ID!) {
    approve(id: $id) { ... on Decided { __typename approved } ...Refused }
  }
`)
const Reject = graphql(`
  mutation Reject($id: ID!, $reason: String!) {
    reject(id: $id, reason: $reason) { ... on Decided { __typename approved } ...Refused }
  }
`)

/** What two people do: proposed by one, decided by another. */
export function Approvals() {
  const { t } = useLingui()
  const names = useNames()
  const format = useFormat()
  const { after } = useSearch({ from: '/inside/approvals' })
  const { nodes, pageInfo } = useAsk(ApprovalList, { after: after ?? null }).approvals
  return (
    <Page title={t`Second person`} lead={<Trans>What cannot be undone takes two people. You decide on what colleagues proposed, never on your own.</Trans>}>
      <Card>
        {nodes.length === 0 ? <Empty title={<Trans>Nothing waits for a second person.</Trans>} /> : (
          <Table caption={t`Proposals`} rows={nodes} columns={[
            { title: t`What`, head: true, cell: (row) => names.approval[row.kind] },
            { title: t`Customer`, cell: (row) => (row.customer ? <Hit customer={row.customer} /> : '') },
            { title: t`Why`, cell: (row) => <span className="words">{row.reason}</span> },
            { title: t`Proposed`, cell: (row) => `${row.proposedBy.name}${DOT}${format.dateTime(row.proposedAt)}` },
            { title: t`Due`, cell: (row) => <Left dueAt={row.dueAt} /> },
            { title: t`Decide`, bare: true, end: true, cell: (row) => (row.mine ? <TakeBack proposal={row} /> : row.forMe ? <Decide proposal={row} /> : null) },
          ]} />
        )}
        <Steps after={after} next={pageInfo.endCursor} more={pageInfo.hasNextPage} to={(next) => ({ to: '/approvals', search: { after: next } })} />
      </Card>
    </Page>
  )
}

interface Proposal {
  id: string
  kind: keyof ReturnType<typeof useNames>['approval']
  customer: { number: string } | null
}

function useWhat({ kind, customer }: Proposal) {
  const names = useNames()
  return [names.approval[kind], customer?.number].filter(Boolean).join(', ')
}

/** Whoever proposed something may think again. */
function TakeBack({ proposal }: { proposal: Proposal }) {
  const { t } = useLingui()
  const what = useWhat(proposal)
  return (
    <span className="row end">
      <Tag><Trans>Yours</Trans></Tag>
      <DialogButton small label={<Trans>Take it back</Trans>} name={t`Take it back: ${what}`} title={what}>
        {(close) => (
          <ActForm document={Reject} done={close} submit={<Trans>Take it back</Trans>} beside={<CancelButton close={close} />} variables={(fields) => ({ id: proposal.id, reason: fields.text('reason') })}>
            <Field name="reason" label={t`Reason`} lines={3} isRequired />
          </ActForm>
        )}
      </DialogButton>
    </span>
  )
}

function Decide({ proposal }: { proposal: Proposal }) {
  const { t } = useLingui()
  const { act, busy, trouble } = useAct(Approve)
  const what = useWhat(proposal)
  return (
    <span className="row end">
      <DialogButton small tone="main" label={<Trans>Agree</Trans>} name={t`Agree: ${what}`} title={what}>
        {(close) => (
          <>
            <p><Trans>It is done at once, and recorded with both names.</Trans></p>
            {trouble && <TroubleNote trouble={trouble} />}
            <div className="actions">
              <Button tone="danger" busy={busy} onPress={async () => { if (await act({ id: proposal.id })) close() }}><Trans>Agree and do it</Trans></Button>
              <CancelButton close={close} />
            </div>
          </>
        )}
      </DialogButton>
      <DialogButton small label={<Trans>Reject</Trans>} name={t`Reject: ${what}`} title={what}>
        {(close) => (
          <ActForm document={Reject} done={close} submit={<Trans>Reject</Trans>} beside={<CancelButton close={close} />} variables={(fields) => ({ id: proposal.id, reason: fields.text('reason') })}>
            <Field name="reason" label={t`Reason`} lines={3} isRequired />
          </ActForm>
        )}
      </DialogButton>
    </span>
  )
}
