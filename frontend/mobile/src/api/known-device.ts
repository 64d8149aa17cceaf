import type { Store } from './keeper.ts'

/** The token that tells this device from an unknown one when somebody signs in here again. It outlives their session. */
export class KnownDevice {
  private token: Promise<string | null> | undefined
  private readonly store: Store

  constructor(store: Store) {
    this.store = store
  }

  /** Nothing before the first sign-in here; a store that cannot be read makes the device an unknown one. */
  read(): Promise<string | null> {
    this.token ??= this.store.read().catch(() => null)
    return this.token
  }

  /** After signing in. */
  async keep(token: string | null | undefined): Promise<void> {
    if (!token || token === (await this.read())) return
    this.token = Promise.resolve(token)
    await this.store.write(token).catch(() => undefined)
  }
}
