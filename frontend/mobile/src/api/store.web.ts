import type { Store } from './keeper.ts'

/** A browser has no secure store, and what lies in localStorage every script can read: the tokens live as long as the page. */
export const store: Store = { read: () => Promise.resolve(null), write: () => Promise.resolve() }
export const deviceStore = store
