import { Trans, useLingui } from '@lingui/react/macro'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { graphql } from '../../gql/support'
import { useAsk } from '../../shared/api/queries.tsx'
import { DOT } from '../../shared/dot.ts'
import { useFormat } from '../../shared/format.ts'
import { Card, Empty, Facts, Note, Page, Room } from '../../shared/ui/parts.tsx'
import { useMay } from '../me.ts'
import { useNames } from '../names.ts'
import { StateTag } from '../parts.tsx'
import { Countdown } from '../frame/grants.tsx'
import { AccountPart } from './account.tsx'
import { Actions } from './actions.tsx'
import { ContactPart } from './contact.tsx'
import { HistoryPart } from './history.tsx'
import { PeoplePart } from './people.tsx'
import { ProfilePart } from './profile.tsx'
import { RevealedProvider } from './reveal.tsx'
import { WorkPart } from './work.tsx'

const RecordHead = graphql(`
  query RecordHead($id: ID!) {
    customer(id: $id) {
      id number state createdAt governingPolicy
      grant { id reason ticket openedAt expiresAt }
      closure { closedAt by termsClause reason eraseAt eraseBy }
    }
  }
`)

const PARTS = ['profile', 'account', 'people', 'contact', 'requests', 'history'] as const
export type Part = (typeof PARTS)[number]

/** A customer's record, while a grant of ours is open: masked, with what each role may reveal. */
export function Record() {
  const { t } = useLingui()
  const { id } = useParams({ from: '/inside/records/$id' })
  const { customer } = useAsk(RecordHead, { id })
  if (!customer) {
    return (
      <Page title={t`This record is not open`} lead={<Trans>A record is open for fifteen minutes. Find the customer and open it again, with a reason and a ticket.</Trans>}>
        <Card><Empty title={<Trans>Nothing is shown without an open grant.</Trans>}><p><Link to="/find" className="button main"><Trans>Find a customer</Trans></Link></p></Empty></Card>
      </Page>
    )
  }
  return <Shown record={customer} />
}

interface Head {
  id: string
  number: string
  state: Parameters<typeof StateTag>[0]['state']
  createdAt: string
  governingPolicy: string
  grant: { id: string; reason: keyof ReturnType<typeof useNames>['reason']; ticket: string; openedAt: string; expiresAt: string }
  closure: { closedAt: string; by: 'CUSTOMER' | 'STAFF' | 'SYSTEM'; termsClause: string | null; reason: string | null; eraseAt: string; eraseBy: string } | null
}

function Shown({ record }: { record: Head }) {
  const { t } = useLingui()
  const names = useNames()
  const format = useFormat()
  const go = useNavigate()
  const search = useSearch({ from: '/inside/records/$id' })
  const signIns = useMay('READ_SIGN_INS')
  const conversation = useMay('READ_CONVERSATION')
  const parts = PARTS.filter((one) => (one !== 'people' || signIns) && (one !== 'contact' || conversation))
  const part = parts.find((one) => one === search.part) ?? 'profile'
  const titles: Record<Part, string> = {
    profile: t`Profile`, account: t`Payment and services`, people: t`Sign-ins and access`, contact: t`Messages and notes`, requests: t`Requests and holds`, history: t`History`,
  }
  const shown: Record<Part, ReactNode> = {
    profile: <ProfilePart id={record.id} />, account: <AccountPart id={record.id} />, people: <PeoplePart id={record.id} />,
    contact: <ContactPart id={record.id} />, requests: <WorkPart id={record.id} />, history: <HistoryPart id={record.id} />,
  }
  const { grant, closure } = record
  return (
    <RevealedProvider key={grant.id} grant={grant.id}>
      <Page
        title={t`Record ${record.number}`}
        lead={<><StateTag state={record.state} /> <Trans>Customer since {format.date(record.createdAt)}, governed by policy {record.governingPolicy}</Trans></>}
      >
        <Note title={<Trans>Opened for: {names.reason[grant.reason]} ({grant.ticket})</Trans>}>
          <p><Trans>The customer sees this, and each value you reveal. <Countdown until={grant.expiresAt} over={() => void go({ to: '/records/$id', params: { id: record.id }, search })} />.</Trans></p>
        </Note>
        {closure && (
          <Card id="closure" title={<Trans>This account is closed</Trans>}>
            <Facts facts={[
              [<Trans key="a">Closed</Trans>, `${format.dateTime(closure.closedAt)}${DOT}${names.actor[closure.by]}`, 'closed'],
              ...(closure.termsClause ? [[<Trans key="b">Under clause of the terms</Trans>, closure.termsClause, 'terms'] as [ReactNode, string, string]] : []),
              ...(closure.reason ? [[<Trans key="c">Reason</Trans>, closure.reason, 'reason'] as [ReactNode, string, string]] : []),
              [<Trans key="d">Erased from</Trans>, format.dateTime(closure.eraseAt), 'erase'],
              [<Trans key="e">At the latest</Trans>, format.dateTime(closure.eraseBy), 'by'],
            ]} />
          </Card>
        )}
        <nav className="tabs" aria-label={t`Parts of the record`}>
          {parts.map((one) => (
            <Link key={one} to="/records/$id" params={{ id: record.id }} search={{ part: one }} replace aria-current={one === part ? 'page' : undefined}>{titles[one]}</Link>
          ))}
        </nav>
        <Room>{shown[part]}</Room>
        <Actions record={record} />
      </Page>
    </RevealedProvider>
  )
}
