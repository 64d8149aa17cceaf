import { Trans } from '@lingui/react/macro'
import { Link, Outlet } from '@tanstack/react-router'
import { PageRoom } from '../../shared/ui/parts.tsx'
import { LanguageSwitch, ThemeSwitch } from '../../shared/ui/switches.tsx'
import { Mark } from '../../shared/ui/mark.tsx'

/** The frame of what can be read and done without signing in. */
export function Outside() {
  return (
    <>
      <header className="top">
        <Link to="/" className="brand"><Mark /> Octopus <span><Trans>Accounts</Trans></span></Link>
        <div className="row"><ThemeSwitch /><LanguageSwitch /></div>
      </header>
      <main id="main" className="outside" tabIndex={-1}><PageRoom framed><Outlet /></PageRoom></main>
      <Foot />
    </>
  )
}

export function Foot() {
  return (
    <footer className="foot">
      <Link to="/policy"><Trans>Privacy policy</Trans></Link>
      <Link to="/cookies"><Trans>Cookies</Trans></Link>
      <Link to="/contact"><Trans>Contact and complaints</Trans></Link>
      <Link to="/certificate"><Trans>Proof of erasure</Trans></Link>
    </footer>
  )
}
