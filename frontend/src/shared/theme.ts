import { useSyncExternalStore } from 'react'
import { remember, remembered } from './keep.ts'

export type Theme = 'system' | 'light' | 'dark'
const THEMES: readonly string[] = ['system', 'light', 'dark']

const listeners = new Set<() => void>()
let theme: Theme = 'system'

export function wear(chosen: Theme): void {
  theme = chosen
  document.documentElement.dataset.theme = chosen
  remember('octopus-theme', chosen)
  for (const each of listeners) each()
}

export function wearLast(): void {
  const last = remembered('octopus-theme')
  if (last && THEMES.includes(last)) wear(last as Theme)
}

export function useTheme(): Theme {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => theme,
  )
}
