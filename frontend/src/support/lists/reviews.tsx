import { Trans, useLingui } from '@lingui/react/macro'
import { graphql } from '../../gql/support'
import { useAsk } from '../../shared/api/queries.tsx'
import { DOT } from '../../shared/dot.ts'
import { useFormat } from '../../shared/format.ts'
import { CancelButton, DialogButton } from '../../shared/ui/dialog.tsx'
import { ActForm, Field } from '../../shared/ui/form.tsx'
import { Card, Empty, Page } from '../../shared/ui/parts.tsx'
import { Table } from '../../shared/ui/table.tsx'
import { useNames } from '../names.ts'
import { Left } from '../parts.tsx'

const ReviewList = graphql(`
  query ReviewList {
    reviews { id kind dueAt lastDoneAt lastDoneBy lastOutcome forMe }
  }
`)
const CompleteReview = graphql(`
  mutation CompleteReview($id: ID!, $outcome: String!) {
    completeReview(id: $id, outcome: $outcome) { ... on ReviewCompleted { __typename review { id } } ...Refused }
  }
`)

export function Reviews() {
  const { t } = useLingui()
  const names = useNames()
  const format = useFormat()
  const { reviews } = useAsk(ReviewList, {})
  return (
    <Page title={t`Reviews`} lead={<Trans>Every quarter: who has access, what is stored, and the keys (clause 6.1.2).</Trans>}>
      <Card>
        {reviews.length === 0 ? <Empty title={<Trans>No review is planned yet.</Trans>} /> : (
          <Table caption={t`Reviews`} rows={reviews} columns={[
            { title: t`Review`, head: true, cell: (row) => names.review[row.kind] },
            { title: t`Due`, cell: (row) => <><Left dueAt={row.dueAt} /><br /><span className="quiet-text small-text">{format.date(row.dueAt)}</span></> },
            { title: t`Last done`, cell: (row) => (row.lastDoneAt ? `${format.date(row.lastDoneAt)}${DOT}${row.lastDoneBy ?? ''}` : t`Never`) },
            { title: t`Outcome`, cell: (row) => row.lastOutcome && <span className="words">{row.lastOutcome}</span> },
            { title: t`Do`, bare: true, end: true, cell: (row) => row.forMe && (
              <DialogButton small label={<Trans>Done</Trans>} name={t`Done: ${names.review[row.kind]}`} title={names.review[row.kind]}>
                {(close) => (
                  <ActForm document={CompleteReview} done={close} submit={<Trans>It was reviewed</Trans>} beside={<CancelButton close={close} />} variables={(fields) => ({ id: row.id, outcome: fields.text('outcome') })}>
                    <Field name="outcome" label={t`What was found, and changed`} lines={4} isRequired />
                  </ActForm>
                )}
              </DialogButton>
            ) },
          ]} />
        )}
      </Card>
    </Page>
  )
}
