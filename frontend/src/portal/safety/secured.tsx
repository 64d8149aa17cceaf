import { Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import { Card, Note, Page } from '../../shared/ui/parts.tsx'

export function Secured() {
  const { t } = useLingui()
  return (
    <Page narrow title={t`Your account is secured`}>
      <Card>
        <Note tone="good"><p><Trans>Everybody is signed out. Look for our letter: its link lets you set a new password, and then you can sign in again.</Trans></p></Note>
        <p><Link to="/forgot"><Trans>The letter did not come</Trans></Link></p>
      </Card>
    </Page>
  )
}
