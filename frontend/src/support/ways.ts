import type { Power } from '../gql/support/graphql.ts'

/** What somebody's roles must allow to have a page, by the first part of its address; without a line, everybody has it. */
const NEEDED: Record<string, Power> = {
  find: 'SEARCH', records: 'OPEN_RECORDS', requests: 'READ_REQUESTS', conversations: 'ANSWER', complaints: 'READ_COMPLAINTS', approvals: 'READ_APPROVALS',
  holds: 'READ_HOLDS', compliance: 'READ_COMPLIANCE', forecast: 'READ_COMPLIANCE', certificates: 'READ_COMPLIANCE', reviews: 'READ_REVIEWS', audit: 'AUDIT',
  policies: 'READ_COMPLIANCE', staff: 'MANAGE_STAFF',
}

export const neededFor = (path: string): Power | undefined => NEEDED[path.replace(/^\/(support\/?)?/, '').split('/')[0] ?? '']
