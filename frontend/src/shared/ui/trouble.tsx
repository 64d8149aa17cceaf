import { Trans } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import { useReached } from '../api/connection.ts'
import type { Trouble } from '../api/refusal.ts'
import { useFormat } from '../format.ts'

/** Why something was not done, in one place and one manner for every page. */
export function TroubleNote({ trouble, more = [], children }: { trouble: Trouble; more?: string[]; children?: ReactNode }) {
  return (
    <div className="note bad trouble" role="alert" tabIndex={-1}>
      <Words trouble={trouble} />
      {more.map((one) => <p key={one}>{one}</p>)}
      {children}
    </div>
  )
}

function Words({ trouble }: { trouble: Trouble }) {
  const format = useFormat()
  switch (trouble.kind) {
    case 'refused':
      return (
        <p>
          {trouble.refusal.message}
          {trouble.refusal.retryAt && <> <Trans>Try again {format.relative(trouble.refusal.retryAt)} ({format.dateTime(trouble.refusal.retryAt)}).</Trans></>}
        </p>
      )
    case 'lost':
      return <p><Trans>We could not reach the server. What you typed is kept: try again when you are connected.</Trans></p>
    case 'outdated':
      return (
        <p>
          <Trans>This page is older than our server, which was renewed meanwhile. Copy what you typed, then load the page anew.</Trans>
          {' '}<button type="button" className="link" onClick={() => window.location.reload()}><Trans>Load the page anew</Trans></button>
        </p>
      )
    case 'fault':
      return (
        <p>
          <Trans>Something went wrong on our side; it is recorded. Please try again.</Trans>
          {trouble.requestId && <> <Trans>If it stays so, tell us this number: <code>{trouble.requestId}</code></Trans></>}
        </p>
      )
  }
}

/** While the server cannot be reached. */
export function ConnectionNote() {
  return useReached() ? null : (
    <div className="connection" role="status"><Trans>No connection. Nothing you typed is lost.</Trans></div>
  )
}
