import { useLingui } from '@lingui/react/macro'
import { graphql } from '../gql/support'
import { useAsk } from '../shared/api/queries.tsx'
import { Page, Room } from '../shared/ui/parts.tsx'

const WhoIsOnDuty = graphql(`
  query WhoIsOnDuty {
    viewer { id name }
  }
`)

export function Dashboard() {
  const { t } = useLingui()
  return <main><Page title={t`Support`}><Room><Me /></Room></Page></main>
}

function Me() {
  return <p>{useAsk(WhoIsOnDuty, {}).viewer?.name}</p>
}
