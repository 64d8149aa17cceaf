/** What the pages keep in the browser: nothing but these (models/policy/cookies.yaml), nothing optional before a choice. */
import { useSyncExternalStore } from 'react'

export interface CookieChoice {
  preferences: boolean
  statistics: boolean
  advertising: boolean
}

const CHOICE = 'cookie-choice'
type Optional = 'octopus-theme' | 'octopus-locale'
const OPTIONAL: Optional[] = ['octopus-theme', 'octopus-locale']

const listeners = new Set<() => void>()
/** Where storage is forbidden the choice lives as long as the page. */
let choice = read()

function read(): CookieChoice | undefined {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(CHOICE) ?? 'null')
    return found && typeof found === 'object' ? (found as CookieChoice) : undefined
  } catch {
    return undefined
  }
}

export function choose(made: CookieChoice): void {
  choice = made
  guarded(() => localStorage.setItem(CHOICE, JSON.stringify(made)))
  if (!made.preferences) for (const name of OPTIONAL) guarded(() => localStorage.removeItem(name))
  for (const each of listeners) each()
}

/** Signing out clears what the browser keeps; the choice was made for this browser and is kept all the same. */
export function keepChoice(): void {
  if (choice) choose(choice)
}

export const cookieChoice = () => choice

export function useCookieChoice(): CookieChoice | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => choice,
  )
}

export function remember(name: Optional, value: string): void {
  if (choice?.preferences) guarded(() => localStorage.setItem(name, value))
}

export function remembered(name: Optional): string | undefined {
  return guarded(() => localStorage.getItem(name) ?? undefined)
}

function guarded<T>(does: () => T): T | undefined {
  try {
    return does()
  } catch {
    return undefined
  }
}
