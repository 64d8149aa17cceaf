import { useSyncExternalStore } from 'react'

const PLACES = ['overview', 'profile', 'sign-ins', 'devices', 'preferences', 'copies', 'delete'] as const
export type Place = (typeof PLACES)[number]

let now: Place = 'overview'
const listeners = new Set<(place: Place) => void>()
const goers = new Set<(place: Place) => void>()

export const place = () => now
export const asPlace = (name: string): Place => PLACES.find((one) => one === name) ?? 'overview'

/** Show a screen. */
export function arrive(next: Place): void {
  now = next
  for (const each of listeners) each(next)
}

/** Go to a screen, as somebody asked. */
export function go(next: Place): void {
  arrive(next)
  for (const each of goers) each(next)
}

export const home = () => go('overview')

export function onGo(listener: (place: Place) => void): () => void {
  goers.add(listener)
  return () => goers.delete(listener)
}

export function usePlace(): Place {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    place,
  )
}
