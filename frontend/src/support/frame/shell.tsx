import { Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import { type PropsWithChildren, type ReactNode, useState } from 'react'
import { graphql } from '../../gql/support'
import { useAct, useAskLater } from '../../shared/api/queries.tsx'
import { Popup } from '../../shared/ui/dialog.tsx'
import { Button } from '../../shared/ui/form.tsx'
import { Mark } from '../../shared/ui/mark.tsx'
import { LanguageSwitch, ThemeSwitch } from '../../shared/ui/switches.tsx'
import { type Me, may } from '../me.ts'
import { useNames } from '../names.ts'
import { neededFor } from '../ways.ts'
import { Grants } from './grants.tsx'

const Badges = graphql(`
  query Badges {
    work { requestsOpen requestsOverdue complaintsOpen conversationsUnanswered approvalsForMe holdsToReview reviewsDue }
  }
`)
const SignOut = graphql(`
  mutation SignOut {
    signOut { ... on SignedOut { __typename at } ...Refused }
  }
`)

export function Shell({ me, children }: PropsWithChildren<{ me: Me }>) {
  const { t } = useLingui()
  const [open, setOpen] = useState(false)
  return (
    <div className="inside-frame">
      <header className="top">
        <Link to="/" className="brand"><Mark /> Octopus <span><Trans>Support</Trans></span></Link>
        <div className="row">
          <Whose me={me} />
          <span className="menu-button"><Button small onPress={() => setOpen(true)}><Trans>Menu</Trans></Button></span>
        </div>
      </header>
      <div className="frame">
        <nav className="side" aria-label={t`Pages`}><Ways me={me} /></nav>
        <main id="main" tabIndex={-1}>{children}</main>
      </div>
      <Grants />
      {open && <Popup drawer title={<Trans>Pages</Trans>} close={() => setOpen(false)}><nav aria-label={t`Pages`}><Ways me={me} chosen={() => setOpen(false)} /></nav></Popup>}
    </div>
  )
}

function Whose({ me }: { me: Me }) {
  const names = useNames()
  return <span className="whose"><strong>{me.name}</strong> <span className="quiet-text">{me.roles.map((role) => names.role[role]).join(', ')}</span></span>
}

/** The pages somebody of these roles has, and how much waits on each. */
function Ways({ me, chosen }: { me: Me; chosen?: () => void }) {
  const { data } = useAskLater(Badges, {})
  const work = data?.work
  const leave = useAct(SignOut)
  const way = (to: string, label: ReactNode, count?: number, bad?: boolean) => {
    const power = neededFor(to)
    return (!power || may(me, power)) && (
      <li>
        <Link to={to} activeOptions={{ exact: to === '/', includeSearch: false }} className="way" onClick={chosen}>
          <span>{label}</span>
          {count ? <span className={`badge${bad ? ' bad' : ''}`}>{count}</span> : null}
        </Link>
      </li>
    )
  }
  return (
    <div className="ways">
      <ul>
        {way('/', <Trans>Today</Trans>)}
        {way('/find', <Trans>Find a customer</Trans>)}
        {way('/requests', <Trans>Requests</Trans>, work?.requestsOpen, Boolean(work?.requestsOverdue))}
        {way('/conversations', <Trans>Conversations</Trans>, work?.conversationsUnanswered)}
        {way('/complaints', <Trans>Complaints</Trans>, work?.complaintsOpen)}
        {way('/approvals', <Trans>Second person</Trans>, work?.approvalsForMe)}
        {way('/holds', <Trans>Holds</Trans>, work?.holdsToReview)}
      </ul>
      <ul>
        {way('/compliance', <Trans>Promises kept</Trans>)}
        {way('/forecast', <Trans>Forecast</Trans>)}
        {way('/certificates', <Trans>Certificates</Trans>)}
        {way('/reviews', <Trans>Reviews</Trans>, work?.reviewsDue)}
        {way('/audit', <Trans>Audit</Trans>)}
        {way('/policies', <Trans>Policy versions</Trans>)}
        {way('/staff', <Trans>Staff</Trans>)}
      </ul>
      <div className="side-end">
        <Link to="/me" className="way" onClick={chosen}><span><Trans>My sign-in</Trans></span></Link>
        <div className="row"><ThemeSwitch /><LanguageSwitch /></div>
        <Button small busy={leave.busy} onPress={async () => { if (await leave.act({})) location.assign('/support/sign-in') }}><Trans>Sign out</Trans></Button>
      </div>
    </div>
  )
}
