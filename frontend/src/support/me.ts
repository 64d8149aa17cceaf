import { graphql } from '../gql/support'
import type { Power, WhoIsOnDutyQuery } from '../gql/support/graphql.ts'
import { asking, useAsk } from '../shared/api/queries.tsx'

/** Who is on duty, the work that waits, and the records that are open: what the frame shows on every page. */
const WhoIsOnDuty = graphql(`
  query WhoIsOnDuty {
    viewer { id name email roles powers factors }
  }
`)

export type Me = NonNullable<WhoIsOnDutyQuery['viewer']>

/** Asked for while the page is on its way. */
export const whoIsOnDuty = asking(WhoIsOnDuty, {})

export const useMaybeMe = () => useAsk(WhoIsOnDuty, {}).viewer

/** On the pages inside the frame, which nobody sees without being signed in. */
export function useMe(): Me {
  const me = useMaybeMe()
  if (!me) throw new Error('Nobody is signed in.')
  return me
}

/** What would only be refused is left out: the server says what somebody's roles allow. */
export const may = (me: Pick<Me, 'powers'>, power: Power) => me.powers.includes(power)
export const useMay = (power: Power) => may(useMe(), power)
