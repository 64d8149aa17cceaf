import { Trans } from '@lingui/react/macro'
import { Outlet, useRouterState } from '@tanstack/react-router'
import { useEffect } from 'react'
import { CookieNote } from './cookie-note.tsx'
import { Prover } from './prover.tsx'

/** Around every page: the way past the navigation, the choice of cookies, and the proof that a page may ask for. */
export function Root() {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname })
  useEffect(() => {
    window.scrollTo(0, 0) // the router's own way would keep something in the browser that is not declared
  }, [path])
  return (
    <Prover>
      <a className="skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById('main')?.focus() }}><Trans>Skip to the content</Trans></a>
      <Outlet />
      <CookieNote />
    </Prover>
  )
}
