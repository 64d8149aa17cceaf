import type { QueryClient } from '@tanstack/react-query'
import { Navigate, Outlet, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { PageRoom } from '../../shared/ui/parts.tsx'
import { asking } from '../../shared/api/queries.tsx'
import { like } from './liked.ts'
import { useViewer, WhoIsIn } from '../viewer.ts'
import { Shell } from './shell.tsx'

/** The frame of a customer's own pages; without one, the way to sign in and back to here. */
export function Inside() {
  return <PageRoom framed={false}><Guarded /></PageRoom>
}

const who = asking(WhoIsIn, {})

/** What the customer likes counts before the first of their pages is shown, and then whenever it changes. */
Inside.before = async (client: QueryClient) => {
  const viewer = (await who(client))?.viewer
  if (viewer && !document.querySelector('.inside-frame')) await like(viewer.preferences)
}

function Guarded() {
  const viewer = useViewer()
  const router = useRouter()
  const [to] = useState(() => router.state.location.href) // where somebody wanted to go, not where the way leads meanwhile
  if (!viewer) return <Navigate to="/sign-in" search={to === '/' ? {} : { to }} replace />
  return <Shell viewer={viewer}><PageRoom framed><Outlet /></PageRoom></Shell>
}
