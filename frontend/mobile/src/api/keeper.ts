import { instant } from '../instant.ts'

/** The pair of tokens of one device, as the server gives it. */
export interface Pair {
  accessToken: string
  accessExpiresAt: string
  refreshToken: string
  refreshExpiresAt: string
}

/** Where the pair lies while the app is closed. */
export interface Store {
  read: () => Promise<string | null>
  write: (text: string | null) => Promise<void>
}

/** Asks for the next pair; nothing when the server knows this refresh token no more. Throws when nobody answered. */
export type Renew = (refreshToken: string) => Promise<Pair | undefined>

/**
 * Keeps the tokens, and has a new pair when the access token has ended: one renewal at a time, whoever waits for it. A
 * refresh token works once, so the new pair is stored before anybody uses it; one whose answer was lost stays and is asked again.
 */
export class Keeper {
  private pair: Pair | undefined
  private opening: Promise<void> | undefined
  private renewing: Promise<string | undefined> | undefined
  /** Whether the device's clock may be asked: one by which a new token has ended already is wrong. */
  private clockIsRight = true
  private readonly ended = new Set<() => void>()
  private readonly store: Store
  private readonly renew: Renew
  private readonly now: () => number

  constructor(store: Store, renew: Renew, now: () => number = () => Date.now()) {
    this.store = store
    this.renew = renew
    this.now = now
  }

  /** Called when the session has ended somewhere else, or by its age. */
  onEnd(listener: () => void): () => void {
    this.ended.add(listener)
    return () => this.ended.delete(listener)
  }

  /** What was stored when the app was last closed, once; whether there is a session. */
  async open(): Promise<boolean> {
    this.opening ??= this.store.read().then(
      (text) => { this.pair ??= pairOf(text) },
      () => undefined, // a store that cannot be read holds nothing for us: one signs in again
    )
    await this.opening
    return this.pair !== undefined
  }

  /** After signing in. */
  async keep(pair: Pair): Promise<void> {
    this.pair = pair
    this.clockIsRight = instant(pair.accessExpiresAt) > this.now()
    // where it cannot be stored the session lives as long as the app is open
    await this.store.write(JSON.stringify(pair)).catch(() => undefined)
  }

  /** After signing out. What a renewal under way brings is not kept. */
  async forget(): Promise<void> {
    this.pair = undefined
    this.renewing = undefined
    await this.store.write(null).catch(() => undefined)
  }

  /** The access token to ask with; nothing when nobody is signed in. Throws when a new one is needed and nobody answered. */
  async access(): Promise<string | undefined> {
    await this.open()
    if (this.renewing) return this.renewing
    if (!this.pair) return undefined
    const over = this.clockIsRight && instant(this.pair.accessExpiresAt) <= this.now()
    return over ? this.next() : this.pair.accessToken
  }

  /** The token to ask again with after the server did not know this one; nothing when the session has ended. */
  async after(refused: string): Promise<string | undefined> {
    if (this.renewing) return this.renewing
    if (!this.pair) return undefined
    return this.pair.accessToken === refused ? this.next() : this.pair.accessToken
  }

  private next(): Promise<string | undefined> {
    const renewing = this.renewed(this.pair as Pair).finally(() => {
      if (this.renewing === renewing) this.renewing = undefined
    })
    this.renewing = renewing
    return renewing
  }

  private async renewed(before: Pair): Promise<string | undefined> {
    const pair = await this.renew(before.refreshToken)
    if (this.pair !== before) return this.pair?.accessToken // signed out, or in anew, meanwhile
    if (pair) {
      await this.keep(pair)
      return pair.accessToken
    }
    await this.forget()
    for (const each of this.ended) each()
    return undefined
  }
}

function pairOf(text: string | null): Pair | undefined {
  try {
    const found = JSON.parse(text ?? 'null') as Partial<Pair> | null
    return found?.accessToken && found.refreshToken && found.accessExpiresAt ? (found as Pair) : undefined
  } catch {
    return undefined
  }
}
