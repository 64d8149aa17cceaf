import { keeper } from '../api/ask.ts'
import { ConnectionLost, Refused } from '../api/problems.ts'
import { sent } from '../api/reach.ts'
import { SERVER } from '../api/server.ts'
import type { RefusalData } from '../../../src/shared/api/refusal.ts'

export interface Archive {
  name: string
  bytes: ArrayBuffer
}

/** The bytes of a copy, as whoever is signed in. Throws ConnectionLost, Refused. */
export async function fetchArchive(url: string): Promise<Archive> {
  const token = await keeper.access()
  const first = await get(url, token)
  if (first.status !== 401 || !token) return archiveOf(first)
  return archiveOf(await get(url, await keeper.after(token)))
}

async function get(url: string, token: string | undefined): Promise<Response> {
  const { pathname, search } = new URL(url)
  try {
    return await fetch(`${SERVER}${pathname}${search}`, { credentials: 'omit', headers: sent(token) })
  } catch (problem) {
    throw new ConnectionLost('No answer', { cause: problem })
  }
}

async function archiveOf(answer: Response): Promise<Archive> {
  try {
    if (!answer.ok) throw new Refused({ ...((await answer.json()) as Omit<RefusalData, '__typename'>), __typename: 'Refusal' })
    const name = /filename="?([\w.-]+)/.exec(answer.headers.get('content-disposition') ?? '')?.[1]
    return { name: name ?? 'octopus-copy.zip', bytes: await answer.arrayBuffer() }
  } catch (problem) {
    throw problem instanceof Refused ? problem : new ConnectionLost('Half an answer', { cause: problem })
  }
}
