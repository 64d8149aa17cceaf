import { useLingui } from '@lingui/react/macro'
import { Page } from '../../shared/ui/parts.tsx'

export function Overview() {
  const { t } = useLingui()
  return <Page title={t`Overview`} />
}
