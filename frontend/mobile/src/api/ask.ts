import { isRefusal } from '../../../src/shared/api/refusal.ts'
import { AppRefreshTokens } from '../gql/documents.ts'
import { again } from './again.ts'
import type { Document } from './document.ts'
import { Keeper, type Pair } from './keeper.ts'
import { Refused } from './problems.ts'
import { reach } from './reach.ts'
import { store } from './store'

async function renew(refreshToken: string): Promise<Pair | undefined> {
  const { refreshTokens } = await again((signal) => reach(AppRefreshTokens, { refreshToken }, undefined, signal))
  if (refreshTokens.__typename === 'Tokens') return refreshTokens
  if (refreshTokens.code === 'EXPIRED_TOKEN') return undefined
  throw new Refused(refreshTokens)
}

export const keeper = new Keeper(store, renew)

/** Whether the server did not know who asked: a query has no viewer then, a mutation is refused before it does anything. */
function unknown(data: object): boolean {
  const found: unknown = Object.values(data)[0]
  return 'viewer' in data ? data.viewer === null : isRefusal(found) && found.code === 'NOT_SIGNED_IN'
}

/** Ask as whoever is signed in, with new tokens where the old ones have ended. Throws ConnectionLost, Fault, Refused. */
export async function ask<Data extends object, Variables>(document: Document<Data, Variables>, variables: Variables, signal?: AbortSignal): Promise<Data> {
  const token = await keeper.access()
  const data = await reach(document, variables, token, signal)
  if (!token || !unknown(data)) return data
  const newer = await keeper.after(token)
  return newer ? reach(document, variables, newer, signal) : data
}
