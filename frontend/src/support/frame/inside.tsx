import { Trans, useLingui } from '@lingui/react/macro'
import { Link, Navigate, Outlet, useRouter, useRouterState } from '@tanstack/react-router'
import { useState } from 'react'
import { Card, Empty, Page, PageRoom } from '../../shared/ui/parts.tsx'
import { may, useMaybeMe } from '../me.ts'
import { neededFor } from '../ways.ts'
import { Shell } from './shell.tsx'

/** The frame of the pages for those on duty; for nobody, the way to sign in and back to here. */
export function Inside() {
  return <PageRoom framed={false}><Guarded /></PageRoom>
}

function Guarded() {
  const me = useMaybeMe()
  const router = useRouter()
  const [to] = useState(() => router.state.location.href) // where somebody wanted to go, not where the way leads meanwhile
  const path = useRouterState({ select: (state) => state.location.pathname })
  const needed = neededFor(path)
  if (!me) return <Navigate to="/sign-in" search={to === '/' ? {} : { to }} replace />
  return <Shell me={me}><PageRoom framed>{needed && !may(me, needed) ? <NotYours key={path} /> : <Outlet />}</PageRoom></Shell>
}

/** Typed into the address bar, or from a colleague's link: the server would refuse it, too. */
function NotYours() {
  const { t } = useLingui()
  return (
    <Page title={t`Not for your role`}>
      <Card><Empty title={<Trans>This page belongs to the work of others.</Trans>}><p><Link to="/"><Trans>Today</Trans></Link></p></Empty></Card>
    </Page>
  )
}
