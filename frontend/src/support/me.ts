import { graphql } from '../gql/support'
import type { Role, WhoIsOnDutyQuery } from '../gql/support/graphql.ts'
import { useAsk } from '../shared/api/queries.tsx'

/** Who is on duty, the work that waits, and the records that are open: what the frame shows on every page. */
const WhoIsOnDuty = graphql(`
  query WhoIsOnDuty {
    viewer { id name email roles factors }
  }
`)

export type Me = NonNullable<WhoIsOnDutyQuery['viewer']>

export const useMaybeMe = () => useAsk(WhoIsOnDuty, {}).viewer

/** On the pages inside the frame, which nobody sees without being signed in. */
export function useMe(): Me {
  const me = useMaybeMe()
  if (!me) throw new Error('Nobody is signed in.')
  return me
}

const ANSWERERS: Role[] = ['SUPPORT', 'SENIOR_SUPPORT', 'OFFICE', 'PRIVACY_OFFICER']

/** Who may do what, as the server has it: the pages leave out what would only be refused. */
const MAY = {
  search: [...ANSWERERS, 'FINANCE', 'AUDITOR'],
  open: [...ANSWERERS, 'FINANCE'],
  readRequests: [...ANSWERERS, 'AUDITOR'],
  desk: ['OFFICE', 'PRIVACY_OFFICER'],
  assign: ['OFFICE', 'PRIVACY_OFFICER', 'SENIOR_SUPPORT'],
  readComplaints: [...ANSWERERS, 'AUDITOR'],
  complaints: ANSWERERS,
  converse: ANSWERERS,
  services: ANSWERERS,
  readApprovals: ['OFFICE', 'PRIVACY_OFFICER', 'ADMIN', 'AUDITOR'],
  readHolds: ['PRIVACY_OFFICER', 'OFFICE', 'AUDITOR'],
  hold: ['PRIVACY_OFFICER'],
  closeForTerms: ['PRIVACY_OFFICER'],
  readReviews: ['PRIVACY_OFFICER', 'AUDITOR', 'ADMIN'],
  compliance: ['PRIVACY_OFFICER', 'AUDITOR', 'OFFICE', 'SENIOR_SUPPORT'],
  audit: ['AUDITOR', 'PRIVACY_OFFICER'],
  publish: ['PRIVACY_OFFICER'],
  staff: ['ADMIN'],
} satisfies Record<string, Role[]>

export type Power = keyof typeof MAY

export const may = (me: Pick<Me, 'roles'>, power: Power) => (MAY[power] as Role[]).some((role) => me.roles.includes(role))
export const useMay = (power: Power) => may(useMe(), power)
