import { Navigate, Outlet, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { PageRoom } from '../../shared/ui/parts.tsx'
import { asking } from '../../shared/api/queries.tsx'
import { useViewer, WhoIsIn } from '../viewer.ts'
import { Shell } from './shell.tsx'

/** The frame of a customer's own pages; without one, the way to sign in and back to here. */
export function Inside() {
  return <PageRoom framed={false}><Guarded /></PageRoom>
}

Inside.before = asking(WhoIsIn, {})

function Guarded() {
  const viewer = useViewer()
  const router = useRouter()
  const [to] = useState(() => router.state.location.href) // where somebody wanted to go, not where the way leads meanwhile
  if (!viewer) return <Navigate to="/sign-in" search={to === '/' ? {} : { to }} replace />
  return <Shell viewer={viewer}><PageRoom framed><Outlet /></PageRoom></Shell>
}
