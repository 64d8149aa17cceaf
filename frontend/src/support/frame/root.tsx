import { Trans } from '@lingui/react/macro'
import { Outlet, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { Prover } from './prover.tsx'

/** Around every page: the way past the navigation, and the proof that a page may ask for. */
export function Root() {
  const path = useRouterState({ select: (state) => state.location.pathname })
  const first = useRef(true)
  useEffect(() => {
    if (first.current) first.current = false
    else requestAnimationFrame(() => document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true }))
  }, [path])
  return (
    <Prover>
      <a className="skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById('main')?.focus() }}><Trans>Skip to the content</Trans></a>
      <Outlet />
    </Prover>
  )
}
