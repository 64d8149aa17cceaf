/** What a list is filtered by stands in its address, so that a filtered list is a link and a reload loses nothing. */
import type { RequestChannel, RequestKind, RequestStatus } from '../gql/support/graphql.ts'

type Search = Record<string, unknown>

/** Numbers stay words: a ticket of digits only is no amount. */
export const text = (value: unknown): string | undefined => (typeof value === 'string' && value ? value : typeof value === 'number' ? String(value) : undefined)
const flag = (value: unknown): boolean | undefined => (value === true || value === 'true' ? true : value === false || value === 'false' ? false : undefined)
const among = <Word extends string>(words: readonly Word[], value: unknown): Word | undefined => words.find((one) => one === value)
const day = (value: unknown): string | undefined => (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined)

export const KINDS: readonly RequestKind[] = ['COPY', 'UPDATE', 'DELETE', 'RESTORE', 'RESTRICT', 'OBJECT']
export const STATUSES: readonly RequestStatus[] = ['RECEIVED', 'IN_PROGRESS', 'FULFILLED', 'DENIED', 'CANCELLED']
export const CHANNELS: readonly RequestChannel[] = ['PORTAL', 'OFFICE', 'MAIL']

export interface QueueSearch {
  kind?: RequestKind | undefined
  status?: RequestStatus | undefined
  channel?: RequestChannel | undefined
  overdue?: boolean | undefined
  mine?: boolean | undefined
  after?: string | undefined
}
export const queueSearch = (search: Search): QueueSearch => ({
  kind: among(KINDS, search.kind), status: among(STATUSES, search.status), channel: among(CHANNELS, search.channel),
  overdue: flag(search.overdue), mine: flag(search.mine), after: text(search.after),
})

export interface ComplaintSearch {
  open?: boolean | undefined
  overdue?: boolean | undefined
  mine?: boolean | undefined
  after?: string | undefined
}
export const complaintSearch = (search: Search): ComplaintSearch => ({ open: flag(search.open), overdue: flag(search.overdue), mine: flag(search.mine), after: text(search.after) })

export interface PeriodSearch {
  from?: string | undefined
  to?: string | undefined
}
export const periodSearch = (search: Search): PeriodSearch => ({ from: day(search.from), to: day(search.to) })

export interface AuditSearch extends PeriodSearch {
  staff?: string | undefined
  action?: string | undefined
  after?: string | undefined
}
export const auditSearch = (search: Search): AuditSearch => ({ ...periodSearch(search), staff: text(search.staff), action: text(search.action), after: text(search.after) })
