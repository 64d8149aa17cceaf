import { kept, useKept } from '../kept.ts'

const PLACES = ['overview', 'profile', 'sign-ins', 'devices', 'preferences', 'copies', 'delete'] as const
export type Place = (typeof PLACES)[number]

const shown = kept<Place>('overview')
const goers = new Set<(place: Place) => void>()

export const place = shown.now
export const asPlace = (name: string): Place => PLACES.find((one) => one === name) ?? 'overview'

/** Show a screen. */
export const arrive = shown.set

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

export const usePlace = () => useKept(shown)
