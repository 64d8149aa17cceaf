import { useLingui } from '@lingui/react'
import { useSyncExternalStore } from 'react'
import { countryCode } from './countries.ts'

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [['year', 31_536_000], ['month', 2_592_000], ['day', 86_400], ['hour', 3600], ['minute', 60]]

/** The browser's own formats are slow to make and quick to use: each is made when it is first wanted. */
function once<Made>(make: () => Made): () => Made {
  let made: Made | undefined
  return () => (made ??= make())
}

/** Dates, numbers and names of places as the language writes them. British dates in English. */
export function formats(locale: string, timeZone?: string) {
  const tag = locale === 'lv' ? 'lv-LV' : 'en-GB'
  // in numbers in Latvian: the name of a month would have to be declined
  const day: Intl.DateTimeFormatOptions = { timeZone, day: 'numeric', month: locale === 'lv' ? 'numeric' : 'long', year: 'numeric' }
  const date = once(() => new Intl.DateTimeFormat(tag, day))
  const plainDate = once(() => new Intl.DateTimeFormat(tag, { ...day, timeZone: 'UTC' }))
  const short = once(() => new Intl.DateTimeFormat(tag, { ...day, month: locale === 'lv' ? 'numeric' : 'short' }))
  const time = once(() => new Intl.DateTimeFormat(tag, { ...day, month: locale === 'lv' ? 'numeric' : 'short', hour: '2-digit', minute: '2-digit' }))
  const clock = once(() => new Intl.DateTimeFormat(tag, { timeStyle: 'short', timeZone }))
  const relative = once(() => new Intl.RelativeTimeFormat(tag, { numeric: 'auto' }))
  const number = once(() => new Intl.NumberFormat(tag))
  const countries = once(() => new Intl.DisplayNames(tag, { type: 'region' }))
  const list = once(() => new Intl.ListFormat(tag, { type: 'conjunction' }))

  return {
    tag,
    /** 25 November 2026; a calendar date (no time in it) is of no time zone. */
    date: (iso: string) => (iso.includes('T') ? date() : plainDate()).format(new Date(iso)),
    shortDate: (iso: string) => short().format(new Date(iso)),
    dateTime: (iso: string) => time().format(new Date(iso)),
    clock: (iso: string) => clock().format(new Date(iso)),
    /** in 3 days, yesterday. */
    relative: (iso: string, now = Date.now()) => {
      const seconds = (new Date(iso).getTime() - now) / 1000
      const [unit, size] = STEPS.find(([, step]) => Math.abs(seconds) >= step) ?? (['second', 1] as const)
      return relative().format(Math.trunc(seconds / size), unit)
    },
    number: (value: number) => number().format(value),
    bytes: (value: number) => {
      const unit = value < 1000 ? 'byte' : value < 1_000_000 ? 'kilobyte' : 'megabyte'
      const size = { byte: 1, kilobyte: 1000, megabyte: 1_000_000 }[unit]
      return new Intl.NumberFormat(tag, { style: 'unit', unit, maximumFractionDigits: 1 }).format(value / size)
    },
    /** By its code or its English name; as it is given where it is neither. */
    country: (given: string) => {
      const code = countryCode(given)
      return (code && countries().of(code)) || given
    },
    list: (items: string[]) => list().format(items),
  }
}

let zone: string | undefined
const listeners = new Set<() => void>()

/** The time zone that a customer chose; the browser's own until then. */
export function liveIn(timeZone: string): void {
  zone = timeZone
  for (const each of listeners) each()
}

const made = new Map<string, ReturnType<typeof formats>>()

function kept(locale: string, timeZone?: string) {
  const key = `${locale} ${timeZone}`
  const found = made.get(key) ?? formats(locale, timeZone)
  made.set(key, found)
  return found
}

/** Wake what the browser formats with while an answer is awaited: its first date takes as long as the rest of a page. */
export const wake = (locale: string) => void kept(locale).date(new Date(0).toISOString())

export function useFormat() {
  const { i18n } = useLingui()
  const timeZone = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => zone,
  )
  return kept(i18n.locale, timeZone)
}
