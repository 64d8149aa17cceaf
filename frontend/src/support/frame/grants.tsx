import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { graphql } from '../../gql/support'
import { useAct, useAskLater } from '../../shared/api/queries.tsx'
import { Button } from '../../shared/ui/form.tsx'
import { useMay } from '../me.ts'

const OpenGrants = graphql(`
  query OpenGrants {
    openGrants { id expiresAt ticket customer { id number } }
  }
`)
const CloseRecord = graphql(`
  mutation CloseRecord($grantId: ID!) {
    closeRecord(grantId: $grantId) { ... on RecordClosed { __typename grant { id } } ...Refused }
  }
`)

/** The records that are open, wherever one is: how long still, and closing them. */
export function Grants() {
  const { t } = useLingui()
  const opens = useMay('OPEN_RECORDS')
  const { data, refetch } = useAskLater(OpenGrants, {}, opens)
  if (!data?.openGrants.length) return null
  return (
    <aside className="grants" aria-label={t`Open records`}>
      {data.openGrants.map((one) => <Grant key={one.id} grant={one} over={() => void refetch()} />)}
    </aside>
  )
}

function Grant({ grant, over }: { grant: { id: string; expiresAt: string; ticket: string; customer: { id: string; number: string } }; over: () => void }) {
  const { act, busy } = useAct(CloseRecord)
  const { customer, ticket } = grant
  return (
    <div className="grant">
      <Link to="/records/$id" params={{ id: customer.id }}><Trans>Record {customer.number}</Trans></Link>
      <span className="quiet-text">{ticket}</span>
      <Countdown until={grant.expiresAt} over={over} />
      <Button small busy={busy} onPress={() => void act({ grantId: grant.id })}><Trans>Close record</Trans></Button>
    </div>
  )
}

/** Minutes in words; the last one in seconds. Not announced: a reader asks for it when it matters. */
export function Countdown({ until, over }: { until: string; over?: () => void }) {
  const [now, setNow] = useState(Date.now)
  const told = useRef('')
  const left = Math.max(0, Math.ceil((new Date(until).getTime() - now) / 1000))
  useEffect(() => {
    if (left > 0) {
      const timer = setTimeout(() => setNow(Date.now()), left > 60 ? 5000 : 1000)
      return () => clearTimeout(timer)
    }
    if (told.current !== until) over?.()
    told.current = until
    return undefined
  }, [left, now, over, until])
  const minutes = Math.ceil(left / 60)
  return (
    <span className={`countdown${left <= 60 ? ' soon' : ''}`}>
      {left > 60 ? <Plural value={minutes} one="# minute left" other="# minutes left" /> : <Plural value={left} one="# second left" other="# seconds left" />}
    </span>
  )
}
