import { Plural, Trans } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { graphql } from '../../gql/customer'
import type { Attention_CustomerFragment } from '../../gql/customer/graphql.ts'
import { useFormat } from '../../shared/format.ts'

export const AttentionOf = graphql(`
  fragment Attention_Customer on Customer {
    unreadMessages
    profile { pendingEmail { email expiresAt } }
    security { totpEnabled recoveryCodesLeft coolingOffUntil passkeys { id } }
    policyStanding { pending { version validFrom } }
    exports { id status expiresAt }
    recent: signIns(first: 10) { nodes { id at isNewDevice reportedAt } }
  }
`)

const WEEK = 7 * 86_400_000
const isRecent = (at: string) => Date.now() - Date.parse(at) < WEEK

/** What waits for the customer, the most pressing first. */
export function Attention({ customer }: { customer: Attention_CustomerFragment }) {
  const format = useFormat()
  const { security, profile, policyStanding, exports, recent, unreadMessages } = customer
  const ready = exports.find((one) => one.status === 'READY')
  const strange = recent.nodes.filter((one) => one.isNewDevice && !one.reportedAt && isRecent(one.at) && one !== recent.nodes[0])
  const factors = security.passkeys.length + (security.totpEnabled ? 1 : 0)
  const points: ReactNode[] = []
  const point = (key: string, said: ReactNode, link: ReactNode) => points.push(<li key={key}><span>{said}</span>{link}</li>)
  if (policyStanding.pending) point('policy', <Trans>A new version of the privacy policy comes into force on {format.date(policyStanding.pending.validFrom)}.</Trans>, <Link to="/agreement"><Trans>Read what changes</Trans></Link>)
  if (strange.length > 0) point('new', <Trans>Somebody signed in from a new device {format.relative(strange[0]?.at ?? '')}. Was it you?</Trans>, <Link to="/sign-ins"><Trans>Look at it</Trans></Link>)
  if (profile.pendingEmail) point('email', <Trans>The letter to {profile.pendingEmail.email} waits for you until {format.dateTime(profile.pendingEmail.expiresAt)}.</Trans>, <Link to="/profile"><Trans>My profile</Trans></Link>)
  if (ready) point('copy', <Trans>Your copy is ready to download.</Trans>, <Link to="/copies"><Trans>Download it</Trans></Link>)
  if (unreadMessages > 0) point('messages', <Plural value={unreadMessages} one="You have # unread message." other="You have # unread messages." />, <Link to="/messages"><Trans>Read them</Trans></Link>)
  if (security.coolingOffUntil) point('cool', <Trans>A contact, password or factor changed lately: no copy is handed out until {format.dateTime(security.coolingOffUntil)}.</Trans>, null)
  if (factors === 0) point('factor', <Trans>Only your password protects this account. A passkey is safer and quicker.</Trans>, <Link to="/security"><Trans>Add a passkey</Trans></Link>)
  else if (security.recoveryCodesLeft < 3) point('codes', <Trans>You have few recovery codes left.</Trans>, <Link to="/security"><Trans>Make new ones</Trans></Link>)
  if (points.length === 0) return <p><Trans>Nothing. All is well.</Trans></p>
  return <ul className="todo">{points}</ul>
}
