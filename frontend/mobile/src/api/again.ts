import { ConnectionLost } from './problems.ts'

/** How long an answer is waited for, and when the same is asked again, in milliseconds. */
export interface Patience {
  each: number
  pause: number
  until: number
}

/** The server gives a lost answer again within ten seconds of the first (security: a family per device). */
export const LOST_ANSWER: Patience = { each: 4000, pause: 500, until: 9000 }

/** Ask the same again while an answer that was lost is still given again. Throws what the last try threw. */
export async function again<Found>(ask: (signal: AbortSignal) => Promise<Found>, patience = LOST_ANSWER, now: () => number = Date.now): Promise<Found> {
  const began = now()
  for (;;) {
    const left = began + patience.until - now()
    const giveUp = new AbortController()
    // the last try may take its time: what it asks was on its way within the ten seconds
    const timer = left > patience.each ? setTimeout(() => giveUp.abort(), patience.each) : undefined
    try {
      return await ask(giveUp.signal)
    } catch (problem) {
      if (!(problem instanceof ConnectionLost) || now() - began + patience.pause >= patience.until) throw problem
    } finally {
      clearTimeout(timer)
    }
    await new Promise((resolve) => setTimeout(resolve, patience.pause))
  }
}
