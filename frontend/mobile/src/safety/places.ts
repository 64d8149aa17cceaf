import type { formats } from '../format.ts'

interface Place {
  city: string | null
  country: string | null
}

interface Program {
  browser: string | null
  os: string | null
}

export const placeOf = (place: Place | null, format: ReturnType<typeof formats>) => [place?.city, place?.country && format.country(place.country)].filter(Boolean).join(', ')

export const programOf = (agent: Program | null) => [agent?.browser, agent?.os].filter(Boolean).join(', ')
