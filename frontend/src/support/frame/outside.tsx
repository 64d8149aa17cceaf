import { Trans } from '@lingui/react/macro'
import { Outlet } from '@tanstack/react-router'
import { PageRoom } from '../../shared/ui/parts.tsx'
import { LanguageSwitch, ThemeSwitch } from '../../shared/ui/switches.tsx'
import { Mark } from '../../shared/ui/mark.tsx'

/** The frame before signing in. */
export function Outside() {
  return (
    <>
      <header className="top">
        <span className="brand"><Mark /> Octopus <span><Trans>Support</Trans></span></span>
        <div className="row"><ThemeSwitch /><LanguageSwitch /></div>
      </header>
      <main id="main" className="outside" tabIndex={-1}><PageRoom framed><Outlet /></PageRoom></main>
    </>
  )
}
