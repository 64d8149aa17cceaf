import { setupI18n } from '@lingui/core'
import { remember, remembered } from './keep.ts'

export type Language = 'en' | 'lv'
export const LANGUAGES: Record<Language, string> = { en: 'English', lv: 'Latviešu' }

type Catalogue = { messages: Record<string, never> }
type Load = Record<Language, () => Promise<Catalogue>>

export const i18n = setupI18n()
i18n.load('en', {})
i18n.activate('en')

const shared: Load = { en: () => import('./words/en.po'), lv: () => import('./words/lv.po') }
let loads: Load[] = [shared]

/** The words of a page, beside the shared ones. */
export function bringWords(page: Load): void {
  loads = [shared, page]
}

/** The language that is spoken, as the server spells it. */
export const localeOf = ({ locale }: { locale: string }) => (locale === 'lv' ? ('LV' as const) : ('EN' as const))

/** The language chosen here before, or the first of the browser's that we speak. */
export function likedLanguage(): Language {
  const liked = [remembered('octopus-locale'), ...navigator.languages].map((one) => one?.slice(0, 2).toLowerCase())
  return liked.find((one): one is Language => one === 'en' || one === 'lv') ?? 'en'
}

let asked: Language | undefined

/** The language in which to ask: the one that is on its way already, before its words are there. */
export const askIn = (): Language => asked ?? 'en'

/** The old words stay until the new ones are there; whoever asks last is heard, whichever words come first. Throws when they cannot be fetched. */
export async function speak(language: Language): Promise<void> {
  if (language === asked) return
  const before = asked
  asked = language
  const found = await Promise.all(loads.map((load) => load[language]())).catch((problem: unknown) => {
    if (asked === language) asked = before
    throw problem
  })
  if (language !== asked) return
  i18n.loadAndActivate({ locale: language, messages: Object.assign({}, ...found.map((one) => one.messages)) })
  document.documentElement.lang = language
  remember('octopus-locale', language)
}
