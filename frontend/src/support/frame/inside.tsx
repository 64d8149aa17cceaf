import { Navigate, Outlet, useLocation } from '@tanstack/react-router'
import { Room } from '../../shared/ui/parts.tsx'
import { useMaybeMe } from '../me.ts'
import { Shell } from './shell.tsx'

/** The frame of the pages for those on duty; for nobody, the way to sign in and back to here. */
export function Inside() {
  return <Room><Guarded /></Room>
}

function Guarded() {
  const me = useMaybeMe()
  const to = useLocation({ select: (location) => location.href })
  if (!me) return <Navigate to="/sign-in" search={to === '/' ? {} : { to }} replace />
  return <Shell me={me}><Room><Outlet /></Room></Shell>
}
