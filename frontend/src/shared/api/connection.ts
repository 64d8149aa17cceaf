import { useSyncExternalStore } from 'react'

/** Whether the server was reached the last time something was asked. */
let reached = true
const listeners = new Set<() => void>()

export function tell(now: boolean): void {
  if (now === reached) return
  reached = now
  for (const each of listeners) each()
}

if (typeof window !== 'undefined') {
  window.addEventListener('offline', () => tell(false))
}

export function useReached(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => reached,
  )
}
