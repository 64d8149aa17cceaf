import { Navigate, Outlet, useLocation } from '@tanstack/react-router'
import { Room } from '../../shared/ui/parts.tsx'
import { useViewer } from '../viewer.ts'
import { Shell } from './shell.tsx'

/** The frame of a customer's own pages; without one, the way to sign in and back to here. */
export function Inside() {
  return <Room><Guarded /></Room>
}

function Guarded() {
  const viewer = useViewer()
  const to = useLocation({ select: (location) => location.href })
  if (!viewer) return <Navigate to="/sign-in" search={to === '/' ? {} : { to }} replace />
  return <Shell viewer={viewer}><Room><Outlet /></Room></Shell>
}
