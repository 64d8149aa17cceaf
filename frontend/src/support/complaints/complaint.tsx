import { Trans, useLingui } from '@lingui/react/macro'
import { useParams } from '@tanstack/react-router'
import { type ReactNode, useEffect, useState } from 'react'
import { graphql } from '../../gql/support'
import { useAct, useAsk, useAskLater } from '../../shared/api/queries.tsx'
import { DOT } from '../../shared/dot.ts'
import { useFormat } from '../../shared/format.ts'
import { CancelButton, DialogButton } from '../../shared/ui/dialog.tsx'
import { ActForm, Button, Choice, Field } from '../../shared/ui/form.tsx'
import { Card, Empty, Facts, Page } from '../../shared/ui/parts.tsx'
import { TroubleNote } from '../../shared/ui/trouble.tsx'
import { Assign } from '../assign.tsx'
import { OpenRecord } from '../find/open-record.tsx'
import { useMay } from '../me.ts'
import { useNames } from '../names.ts'
import { Hit, Left } from '../parts.tsx'
import { download } from '../promises/download.ts'
import { useCompany } from '../requests/identify.tsx'

const OneComplaint = graphql(`
  query OneComplaint($number: String!) {
    complaints(first: 1, number: $number) {
      nodes {
        id number channel receivedAt acknowledgeBy acknowledgedAt closedAt overdue text outcome authority regulatorReference evidenceSha256
        assignedTo { id name }
        customer { ...Hit_Customer }
        complainant { name { masked } email { masked } }
      }
    }
  }
`)
const Evidence = graphql(`
  query Evidence($number: String!) {
    complaints(first: 1, number: $number) { nodes { id evidence } }
  }
`)
const Acknowledge = graphql(`
  mutation AcknowledgeComplaint($id: ID!) {
    acknowledgeComplaint(id: $id) { ... on ComplaintUpdated { __typename complaint { id } } ...Refused }
  }
`)
const Refer = graphql(`
  mutation ReferComplaint($id: ID!, $authority: String!, $reference: String!) {
    referComplaint(id: $id, authority: $authority, reference: $reference) { ... on ComplaintUpdated { __typename complaint { id } } ...Refused }
  }
`)
const CloseIt = graphql(`
  mutation CloseComplaint($id: ID!, $outcome: String!) {
    closeComplaint(id: $id, outcome: $outcome) { ... on ComplaintUpdated { __typename complaint { id } } ...Refused }
  }
`)

/** One complaint, from its receipt to its outcome. */
export function Complaint() {
  const { t } = useLingui()
  const names = useNames()
  const format = useFormat()
  const handles = useMay('HANDLE_COMPLAINTS')
  const { number } = useParams({ from: '/inside/complaints/$number' })
  const found = useAsk(OneComplaint, { number }).complaints.nodes[0]
  const acknowledge = useAct(Acknowledge)
  if (!found) return <Page title={t`Complaint ${number}`}><Card><Empty title={<Trans>There is no complaint of this number.</Trans>} /></Card></Page>
  const hidden = found.customer ? <span className="row"><span className="quiet-text"><Trans>Shown while the record is open.</Trans></span><OpenRecord customer={found.customer} reason="COMPLAINT" part="requests" /></span> : <span className="quiet-text"><Trans>For the privacy officer.</Trans></span>
  return (
    <Page title={t`Complaint ${found.number}`} whole={found.number} lead={found.customer ? <Hit customer={found.customer} /> : found.complainant ? `${found.complainant.name.masked}${DOT}${found.complainant.email.masked}` : <Trans>Not a customer</Trans>}>
      <Card id="about" title={<Trans>The complaint</Trans>} actions={<Left dueAt={found.acknowledgeBy} done={Boolean(found.acknowledgedAt)} late={found.overdue} />}>
        <Facts facts={[
          [t`Received`, `${format.dateTime(found.receivedAt)}, ${names.channel[found.channel]}`],
          [t`Acknowledge by`, format.dateTime(found.acknowledgeBy)],
          [t`Acknowledged`, found.acknowledgedAt ? format.dateTime(found.acknowledgedAt) : t`Not yet`],
          [t`With`, handles ? <Assign key="w" id={found.id} now={found.assignedTo} /> : (found.assignedTo?.name ?? t`Nobody`)],
          [t`In their words`, found.text ? <span key="t" className="words">{found.text}</span> : hidden],
          ...(found.authority ? [[t`Referred to`, `${found.authority}, ${found.regulatorReference ?? ''}`] as [string, ReactNode]] : []),
          ...(found.closedAt ? [[t`Closed`, format.dateTime(found.closedAt)] as [string, ReactNode], [t`Outcome`, found.outcome ?? hidden] as [string, ReactNode]] : []),
        ]} />
        {acknowledge.trouble && <TroubleNote trouble={acknowledge.trouble} />}
        {handles && !found.closedAt && (
          <div className="actions">
            {!found.acknowledgedAt && <Button tone="main" busy={acknowledge.busy} onPress={() => void acknowledge.act({ id: found.id })}><Trans>Acknowledge</Trans></Button>}
            <ReferTo id={found.id} />
            <CloseWith id={found.id} />
          </div>
        )}
        {found.text && <EvidenceOf number={found.number} fixed={found.evidenceSha256} />}
      </Card>
    </Page>
  )
}

/** What an authority is shown: fetched when it is asked for. */
function EvidenceOf({ number, fixed }: { number: string; fixed: string | null }) {
  const [wanted, want] = useState(false)
  const { data, error, asking } = useAskLater(Evidence, { number }, wanted)
  const text = data?.complaints.nodes[0]?.evidence
  useEffect(() => {
    if (wanted && text && !asking) {
      download(`${number}.json`, 'application/json', text)
      want(false)
    }
    if (error) want(false)
  }, [wanted, text, error, asking, number])
  return (
    <div className="actions">
      <Button small busy={wanted} onPress={() => want(true)}><Trans>Evidence for an authority (JSON)</Trans></Button>
      {fixed && <span className="quiet-text small-text"><Trans>SHA-256 when it was referred: <code>{fixed}</code></Trans></span>}
    </div>
  )
}

function ReferTo({ id }: { id: string }) {
  const { t } = useLingui()
  const { authorities } = useCompany()
  return (
    <DialogButton label={<Trans>Note a referral</Trans>} title={<Trans>It went to an authority</Trans>}>
      {(close) => (
        <ActForm document={Refer} done={close} submit={<Trans>Note it</Trans>} beside={<CancelButton close={close} />} variables={(fields) => ({ id, authority: fields.text('authority'), reference: fields.text('reference') })}>
          <Choice name="authority" label={t`Authority`} options={authorities.map((one) => [one.name, one.name])} />
          <Field name="reference" label={t`Their reference`} autoComplete="off" isRequired />
        </ActForm>
      )}
    </DialogButton>
  )
}

function CloseWith({ id }: { id: string }) {
  const { t } = useLingui()
  return (
    <DialogButton label={<Trans>Close it</Trans>} title={<Trans>The outcome</Trans>}>
      {(close) => (
        <>
          <p><Trans>The complainant gets it as you write it, with the authorities they can turn to.</Trans></p>
          <ActForm document={CloseIt} done={close} submit={<Trans>Close the complaint</Trans>} beside={<CancelButton close={close} />} variables={(fields) => ({ id, outcome: fields.text('outcome') })}>
            <Field name="outcome" label={t`Outcome`} lines={5} isRequired />
          </ActForm>
        </>
      )}
    </DialogButton>
  )
}
