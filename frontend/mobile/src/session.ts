import { home } from './frame/place.ts'
import { keeper } from './api/ask.ts'
import type { Pair } from './api/keeper.ts'
import { device } from './api/reach.ts'
import type { AppDeleteProfileMutation } from './gql/types.ts'
import { kept, useKept } from './kept.ts'

type Deleted = Extract<AppDeleteProfileMutation['deleteProfile'], { __typename: 'ProfileDeleted' }>
/** What the owner of a closed account is told; the code only just after deleting. */
export type Told = Pick<Deleted, 'closure'> & Partial<Pick<Deleted, 'certificateCode'>>

/**
 * Who is here. `over`: their session has ended, and what they typed waits behind the question to sign in again. `round`
 * is another one for each person who signs in.
 */
export type Session =
  | { state: 'opening' | 'out' }
  | { state: 'in'; round: number; over: boolean }
  | { state: 'closed'; told: Told }
  | { state: 'secured'; message: string }

const session = kept<Session>({ state: 'opening' })
let who: string | undefined
let round = 0
let waiting: ((again: boolean) => void)[] = []

function answer(again: boolean): void {
  for (const each of waiting) each(again)
  waiting = []
}

/** At the start of the app: in, where tokens are kept. */
export async function open(): Promise<void> {
  const isIn = await keeper.open()
  if (session.now().state === 'opening') session.set(isIn ? { state: 'in', round, over: false } : { state: 'out' })
}

keeper.onEnd(() => {
  const now = session.now()
  if (now.state === 'in') session.set({ ...now, over: true })
})

/** Whose session this is, once the server said it: after the app was opened again. */
export function tellWho(id: string): void {
  who ??= id
}

export async function signedIn(id: string, pair: Pair, deviceToken: string | null): Promise<void> {
  await Promise.all([keeper.keep(pair), device.keep(deviceToken)])
  const same = session.now().state === 'in' && who === id
  if (!same) round += 1
  who = id
  session.set({ state: 'in', round, over: false })
  answer(same)
}

/** Signed in again as the same person after the session had ended. */
export const back = () =>
  new Promise<boolean>((resolve) => {
    const now = session.now()
    if (now.state === 'in' && now.over) waiting.push(resolve)
    else resolve(false)
  })

async function leave(next: Session): Promise<void> {
  await keeper.forget()
  home()
  who = undefined
  session.set(next)
  answer(false)
}

export const signedOut = () => leave({ state: 'out' })
export const closed = (told: Told) => leave({ state: 'closed', told })
export const secured = (message: string) => leave({ state: 'secured', message })

export const useSession = () => useKept(session)
