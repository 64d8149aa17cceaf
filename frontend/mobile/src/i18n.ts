import { setupI18n } from '@lingui/core'
import { messages as en } from './words/en.ts'
import { messages as lv } from './words/lv.ts'

export type Language = 'en' | 'lv'
export const LANGUAGES: Record<Language, string> = { en: 'English', lv: 'Latviešu' }

/** The device's own language where we speak it. */
function own(): Language {
  return new Intl.DateTimeFormat().resolvedOptions().locale.toLowerCase().startsWith('lv') ? 'lv' : 'en'
}

export const i18n = setupI18n({ messages: { en, lv } })

export function speak(language: Language): void {
  if (i18n.locale !== language) i18n.activate(language)
  if (typeof document !== 'undefined') document.documentElement.lang = language
}

speak(own())
