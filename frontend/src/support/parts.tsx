import { Plural, Trans } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { AccountState } from '../gql/support/graphql.ts'
import { Tag } from '../shared/ui/parts.tsx'
import { useNames } from './names.ts'

interface HitData {
  id: string
  number: string
  state: AccountState
  maskedName: string
  maskedEmail: string
}

/** A customer in a list: by number, and masked. */
export function Hit({ customer }: { customer: HitData }) {
  return (
    <span className="hit">
      <span className="number">{customer.number}</span> <span className="quiet-text">{customer.maskedName}</span> <StateTag state={customer.state} />
    </span>
  )
}

const TONES: Record<AccountState, 'plain' | 'good' | 'warn' | 'bad'> = { UNCONFIRMED: 'plain', ACTIVE: 'good', RESTRICTED: 'warn', CLOSED: 'warn', ERASED: 'plain' }

export function StateTag({ state }: { state: AccountState }) {
  const names = useNames()
  return <Tag tone={TONES[state]}>{names.state[state]}</Tag>
}

const HOUR = 3600, DAY = 24 * HOUR
const secondsUntil = (moment: string) => (new Date(moment).getTime() - Date.now()) / 1000

/** How long is left until something is due, in words; what is late says by how much. */
export function Left({ dueAt, done, late }: { dueAt: string; done?: boolean; late?: boolean }) {
  const seconds = secondsUntil(dueAt)
  const length = Math.abs(seconds)
  const days = Math.floor(length / DAY), hours = Math.max(1, Math.floor(length / HOUR))
  if (done) return late ? <Tag tone="bad"><Trans>Done late</Trans></Tag> : <Tag tone="good"><Trans>Done in time</Trans></Tag>
  if (seconds < 0) {
    return <Tag tone="bad">{days ? <Plural value={days} one="# day late" other="# days late" /> : <Plural value={hours} one="# hour late" other="# hours late" />}</Tag>
  }
  if (days >= 2) return <Tag><Plural value={days} one="# day left" other="# days left" /></Tag>
  return <Tag tone="warn"><Plural value={hours} one="# hour left" other="# hours left" /></Tag>
}

interface StepsProps {
  /** Where this page's list begins; undefined on the first one. */
  after: string | undefined
  next: string | null | undefined
  more: boolean
  to: (after: string | undefined) => { to: string; search: object }
}

/** From one page of a list to the next: both are addresses. */
export function Steps({ after, next, more, to }: StepsProps) {
  if (!after && !more) return null
  const way = (cursor: string | undefined, label: ReactNode) => {
    const { to: path, search } = to(cursor)
    return <Link to={path} search={search} className="button">{label}</Link>
  }
  return (
    <div className="more actions">
      {after && way(undefined, <Trans>First page</Trans>)}
      {more && next && way(next, <Trans>Next page</Trans>)}
    </div>
  )
}
