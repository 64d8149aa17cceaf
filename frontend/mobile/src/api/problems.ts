import type { RefusalData, Trouble } from '../../../src/shared/api/refusal.ts'

/** Nobody answered: the network, or the server, is away. What was asked may or may not have happened. */
export class ConnectionLost extends Error {}

/** The server answered that it could not: `code` says why, `requestId` names the case to support. */
export class Fault extends Error {
  readonly code: string
  readonly requestId: string | undefined
  constructor(code: string, message: string, requestId?: string) {
    super(message)
    this.code = code
    this.requestId = requestId
  }
}

/** The server said no to something nobody asked for by hand, such as the next tokens. */
export class Refused extends Error {
  readonly refusal: RefusalData
  constructor(refusal: RefusalData) {
    super(refusal.message)
    this.refusal = refusal
  }
}

/** As it is shown; outdated: the server no longer knows this version's questions. */
export function troubleOf(problem: unknown): Trouble {
  if (problem instanceof Refused) return { kind: 'refused', refusal: problem.refusal }
  if (problem instanceof ConnectionLost) return { kind: 'lost' }
  if (!(problem instanceof Fault)) return { kind: 'fault' }
  if (problem.code === 'PERSISTED_QUERY_NOT_FOUND') return { kind: 'outdated' }
  return { kind: 'fault', ...(problem.requestId ? { requestId: problem.requestId } : {}) }
}
