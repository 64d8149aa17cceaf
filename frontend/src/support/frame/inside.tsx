import { Navigate, Outlet, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { Room } from '../../shared/ui/parts.tsx'
import { useMaybeMe } from '../me.ts'
import { Shell } from './shell.tsx'

/** The frame of the pages for those on duty; for nobody, the way to sign in and back to here. */
export function Inside() {
  return <Room><Guarded /></Room>
}

function Guarded() {
  const me = useMaybeMe()
  const router = useRouter()
  const [to] = useState(() => router.state.location.href) // where somebody wanted to go, not where the way leads meanwhile
  if (!me) return <Navigate to="/sign-in" search={to === '/' ? {} : { to }} replace />
  return <Shell me={me}><Room><Outlet /></Room></Shell>
}
