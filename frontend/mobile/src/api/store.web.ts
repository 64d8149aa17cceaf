import type { Store } from './keeper.ts'

/** A browser has no store that scripts cannot read: what is kept lives as long as the page. */
export const store: Store = { read: () => Promise.resolve(null), write: () => Promise.resolve() }
export const deviceStore = store
