import { useSyncExternalStore } from 'react'

/** Something of the whole app that changes, such as the theme. */
export interface Kept<Value> {
  now: () => Value
  set: (next: Value) => void
  listen: (listener: () => void) => () => void
}

export function kept<Value>(first: Value): Kept<Value> {
  let value = first
  const listeners = new Set<() => void>()
  return {
    now: () => value,
    set: (next) => {
      if (next === value) return
      value = next
      for (const each of listeners) each()
    },
    listen: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

export const useKept = <Value>({ listen, now }: Kept<Value>): Value => useSyncExternalStore(listen, now)
