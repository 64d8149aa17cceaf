import { useSyncExternalStore } from 'react'
import { home } from './frame/place.ts'
import { keeper } from './api/ask.ts'
import type { Pair } from './api/keeper.ts'
import type { AppDeleteProfileMutation } from './gql/types.ts'

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

let session: Session = { state: 'opening' }
let who: string | undefined
let round = 0
const listeners = new Set<() => void>()
let waiting: ((again: boolean) => void)[] = []

function become(next: Session): void {
  session = next
  for (const each of listeners) each()
}

function answer(again: boolean): void {
  for (const each of waiting) each(again)
  waiting = []
}

/** At the start of the app: in, where tokens are kept. */
export async function open(): Promise<void> {
  const isIn = await keeper.open()
  if (session.state === 'opening') become(isIn ? { state: 'in', round, over: false } : { state: 'out' })
}

keeper.onEnd(() => {
  if (session.state === 'in') become({ ...session, over: true })
})

/** Whose session this is, once the server said it: after the app was opened again. */
export function tellWho(id: string): void {
  who ??= id
}

export async function signedIn(id: string, pair: Pair): Promise<void> {
  await keeper.keep(pair)
  const same = session.state === 'in' && who === id
  if (!same) round += 1
  who = id
  become({ state: 'in', round, over: false })
  answer(same)
}

/** Signed in again as the same person after the session had ended. */
export const back = () =>
  new Promise<boolean>((resolve) => {
    if (session.state === 'in' && session.over) waiting.push(resolve)
    else resolve(false)
  })

async function leave(next: Session): Promise<void> {
  await keeper.forget()
  home()
  who = undefined
  become(next)
  answer(false)
}

export const signedOut = () => leave({ state: 'out' })
export const closed = (told: Told) => leave({ state: 'closed', told })
export const secured = (message: string) => leave({ state: 'secured', message })

export function useSession(): Session {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => session,
  )
}
