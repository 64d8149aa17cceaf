import { Trans, useLingui } from '@lingui/react/macro'
import { useSearch } from '@tanstack/react-router'
import { graphql } from '../../gql/support'
import { useAsk } from '../../shared/api/queries.tsx'
import { DOT } from '../../shared/dot.ts'
import { useFieldNames } from '../../shared/fields.ts'
import { useFormat } from '../../shared/format.ts'
import { CancelButton, DialogButton } from '../../shared/ui/dialog.tsx'
import { ActForm, Field } from '../../shared/ui/form.tsx'
import { Card, Empty, Page, Tag } from '../../shared/ui/parts.tsx'
import { Table } from '../../shared/ui/table.tsx'
import { useMay } from '../me.ts'
import { Hit, Left, Steps } from '../parts.tsx'

const HoldList = graphql(`
  query HoldList($after: String) {
    holds(first: 20, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { id basis scope placedAt placedBy reviewBy releasedAt toldToCustomer customer { ...Hit_Customer } }
    }
  }
`)
const ReviewHold = graphql(`
  mutation ReviewHold($id: ID!, $reviewBy: Date!, $reason: String!) {
    reviewHold(id: $id, reviewBy: $reviewBy, reason: $reason) { ... on HoldUpdated { __typename hold { id } } ...Refused }
  }
`)
const ReleaseHold = graphql(`
  mutation ReleaseHold($id: ID!, $reason: String!) {
    releaseHold(id: $id, reason: $reason) { ... on ApprovalAwaited { __typename approval { id } } ...Refused }
  }
`)

/** What is kept from being erased, why, and when that is looked at again. */
export function Holds() {
  const { t } = useLingui()
  const format = useFormat()
  const field = useFieldNames()
  const keeps = useMay('KEEP_HOLDS')
  const { after } = useSearch({ from: '/inside/holds' })
  const { nodes, pageInfo } = useAsk(HoldList, { after: after ?? null }).holds
  return (
    <Page title={t`Holds`} lead={<Trans>In a dispute, what is named here is not erased. Each hold is reviewed within 180 days. A hold is placed from the customer’s record.</Trans>}>
      <Card>
        {nodes.length === 0 ? <Empty title={<Trans>Nothing is held.</Trans>} /> : (
          <Table caption={t`Holds`} rows={nodes} columns={[
            { title: t`Customer`, head: true, cell: (row) => <Hit customer={row.customer} /> },
            { title: t`What`, cell: (row) => row.scope.map(field).join(', ') },
            { title: t`Basis`, cell: (row) => row.basis ?? <span className="quiet-text"><Trans>Shown while the record is open.</Trans></span> },
            { title: t`Placed`, cell: (row) => `${format.date(row.placedAt)}${DOT}${row.placedBy}` },
            { title: t`Told`, cell: (row) => (row.toldToCustomer ? t`Yes` : t`No`) },
            { title: t`Review`, cell: (row) => (row.releasedAt ? <Tag><Trans>Released</Trans></Tag> : <Left dueAt={`${row.reviewBy}T23:59:59Z`} />) },
            ...(keeps ? [{ title: t`Do`, bare: true, end: true, cell: (row: (typeof nodes)[number]) => (row.releasedAt ? null : <Do hold={row} />) }] : []),
          ]} />
        )}
        <Steps after={after} next={pageInfo.endCursor} more={pageInfo.hasNextPage} to={(next) => ({ to: '/holds', search: { after: next } })} />
      </Card>
    </Page>
  )
}

function Do({ hold }: { hold: { id: string; customer: { number: string } } }) {
  const { t } = useLingui()
  const { number } = hold.customer
  return (
    <span className="row end">
      <DialogButton small label={<Trans>Review</Trans>} name={t`Review the hold of ${number}`} title={<Trans>Is it still needed?</Trans>}>
        {(close) => (
          <ActForm document={ReviewHold} done={close} submit={<Trans>It stays</Trans>} beside={<CancelButton close={close} />} variables={(fields) => ({ id: hold.id, reviewBy: fields.text('reviewBy'), reason: fields.text('reason') })}>
            <Field name="reason" label={t`Why it is still needed`} lines={3} isRequired />
            <Field name="reviewBy" type="date" label={t`Review again by`} isRequired />
          </ActForm>
        )}
      </DialogButton>
      <DialogButton small label={<Trans>Release</Trans>} name={t`Release the hold of ${number}`} title={<Trans>Release the hold</Trans>}>
        {(close) => (
          <>
            <p><Trans>A second person has to agree. What was due meanwhile is erased then.</Trans></p>
            <ActForm document={ReleaseHold} done={close} submit={<Trans>Propose the release</Trans>} beside={<CancelButton close={close} />} variables={(fields) => ({ id: hold.id, reason: fields.text('reason') })}>
              <Field name="reason" label={t`Reason`} lines={3} isRequired />
            </ActForm>
          </>
        )}
      </DialogButton>
    </span>
  )
}
