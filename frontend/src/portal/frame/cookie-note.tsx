import { Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import { choose, useCookieChoice } from '../../shared/keep.ts'
import { Button } from '../../shared/ui/form.tsx'

const all = (yes: boolean) => ({ preferences: yes, statistics: yes, advertising: yes })

/** Asked once for this browser: two buttons alike, and until one is pressed nothing optional is kept. */
export function CookieNote() {
  const { t } = useLingui()
  if (useCookieChoice()) return null
  return (
    <aside className="cookie-note" aria-label={t`Your choice of cookies`}>
      <p>
        <Trans>We keep what signing in needs. May we also remember your language and appearance in this browser?</Trans>{' '}
        <Link to="/cookies"><Trans>What exactly, and for how long</Trans></Link>
      </p>
      <div className="actions">
        <Button onPress={() => choose(all(false))}><Trans>Refuse</Trans></Button>
        <Button onPress={() => choose(all(true))}><Trans>Accept</Trans></Button>
      </div>
    </aside>
  )
}
