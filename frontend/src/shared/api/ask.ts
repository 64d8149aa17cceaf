import { askIn } from '../i18n.ts'
import { tell } from './connection.ts'
import { type Document, trusted } from './document.ts'
import type { Trouble } from './refusal.ts'

const CLIENT = 'octopus-pages/1'

/** Nobody answered: the network, or the server, is away. What was asked may or may not have happened. */
export class ConnectionLost extends Error {}

/** The server answered that it could not: `code` says why, `requestId` names the case to support. */
export class Fault extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly requestId?: string,
  ) {
    super(message)
  }
}

/** Why something was not done that was asked for; outdated: the server is newer than this page and does not know its questions. */
export function troubleOf(problem: unknown): Trouble {
  if (problem instanceof ConnectionLost) return { kind: 'lost' }
  if (!(problem instanceof Fault)) return { kind: 'fault' }
  if (problem.code === 'PERSISTED_QUERY_NOT_FOUND') return { kind: 'outdated' }
  return { kind: 'fault', ...(problem.requestId ? { requestId: problem.requestId } : {}) }
}

interface Answer<Data> {
  data?: Data | null
  errors?: { message: string; extensions?: { code?: string; requestId?: string } }[]
}

/** Ask the server for a document. Throws ConnectionLost, Fault. */
export async function ask<Data, Variables>(document: Document<Data, Variables>, variables: Variables, signal?: AbortSignal): Promise<Data> {
  const { id, name, endpoint, text } = trusted(document)
  const answer = await reach<Answer<Data>>(endpoint, { documentId: id, operationName: name, variables, query: text }, signal)
  const error = answer.errors?.[0]
  if (error) throw new Fault(error.extensions?.code ?? 'UNKNOWN', error.message, error.extensions?.requestId)
  if (!answer.data) throw new Fault('EMPTY', 'The answer was empty.')
  return answer.data
}

async function reach<Body>(endpoint: string, body: object, signal?: AbortSignal): Promise<Body> {
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      credentials: 'same-origin',
      headers: {
        Accept: 'application/graphql-response+json, application/json',
        'Accept-Language': askIn(),
        'Content-Type': 'application/json',
        'X-Octopus-Client': CLIENT,
      },
      body: JSON.stringify(body),
      signal: signal ?? null,
    })
    const found = (await response.json()) as Body
    tell(true)
    return found
  } catch (problem) {
    if (signal?.aborted) throw problem
    tell(false)
    throw new ConnectionLost('No answer', { cause: problem })
  }
}
