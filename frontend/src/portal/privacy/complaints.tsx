import { Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { graphql } from '../../gql/customer'
import { asking, useAsk } from '../../shared/api/queries.tsx'
import { DOT } from '../../shared/dot.ts'
import { useFormat } from '../../shared/format.ts'
import { DialogButton } from '../../shared/ui/dialog.tsx'
import { Card, Empty, Page, Tag } from '../../shared/ui/parts.tsx'
import { ComplaintForm, ComplaintReceived, type Received } from '../papers/complaint-form.tsx'

const ComplaintsPage = graphql(`
  query ComplaintsPage {
    viewer { id complaints { id number receivedAt acknowledgeBy acknowledgedAt closedAt text outcome regulatorReference } }
  }
`)

export function Complaints() {
  const { t } = useLingui()
  const format = useFormat()
  const { viewer } = useAsk(ComplaintsPage, {})
  const [received, setReceived] = useState<Received>()
  if (!viewer) return null
  return (
    <Page
      title={t`Complaints`}
      lead={<Trans>What you complained about and what came of it. The authorities that supervise us are named under <Link to="/contact">Contact</Link>.</Trans>}
      actions={
        <DialogButton tone="main" label={<Trans>Complain</Trans>} title={<Trans>Complain</Trans>}>
          {(close) => <ComplaintForm named={false} done={(found) => { setReceived(found); close() }} />}
        </DialogButton>
      }
    >
      {received && <ComplaintReceived received={received} />}
      <Card>
        {viewer.complaints.length === 0 ? <Empty title={<Trans>You have not complained.</Trans>}><p><Trans>If something about your data is not right, tell us: every complaint is answered.</Trans></p></Empty> : (
          <ul className="lines">
            {viewer.complaints.map((one) => (
              <li key={one.id}>
                <div className="stack tight">
                  <p className="line-title">{one.number} {one.closedAt ? <Tag tone="good"><Trans>answered</Trans></Tag> : <Tag><Trans>open</Trans></Tag>}</p>
                  <p>{one.text}</p>
                  {one.outcome && <p><strong><Trans>Our answer:</Trans></strong> {one.outcome}</p>}
                  <p className="quiet-text small-text">
                    <Trans>Received {format.date(one.receivedAt)}</Trans>{DOT}{one.acknowledgedAt ? <Trans>taken up {format.date(one.acknowledgedAt)}</Trans> : <Trans>taken up by {format.date(one.acknowledgeBy)}</Trans>}
                    {one.closedAt && <>{DOT}<Trans>answered {format.date(one.closedAt)}</Trans></>}
                  </p>
                </div>
              </li>
            ))}
          </ul>
        )}
      </Card>
    </Page>
  )
}
Complaints.before = asking(ComplaintsPage, {})
