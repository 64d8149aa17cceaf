import { useLingui } from '@lingui/react'
import { instant } from './instant.ts'
import { kept, useKept } from './kept.ts'

const zone = kept<string | undefined>(undefined)

/** The time zone that a customer chose; the device's own until then. */
export const liveIn = zone.set

/** Dates and names of countries as the language writes them: with what the engines of phones know, which is less than a browser does. */
export function formats(locale: string, timeZone?: string) {
  const tag = locale === 'lv' ? 'lv-LV' : 'en-GB'
  // in numbers in Latvian: the name of a month would have to be declined
  const day: Intl.DateTimeFormatOptions = { day: 'numeric', month: locale === 'lv' ? 'numeric' : 'long', year: 'numeric' }
  const write = (iso: string, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(tag, options).format(instant(iso))
  return {
    /** A calendar date (no time in it) is of no time zone. */
    date: (iso: string) => write(iso, iso.includes('T') ? { ...day, timeZone } : { ...day, timeZone: 'UTC' }),
    dateTime: (iso: string) => write(iso, { ...day, month: locale === 'lv' ? 'numeric' : 'short', hour: '2-digit', minute: '2-digit', timeZone }),
    megabytes: (bytes: number) => `${new Intl.NumberFormat(tag, { maximumFractionDigits: bytes < 100_000 ? 2 : 1 }).format(bytes / 1_000_000)} MB`,
    country: (code: string) => (/^[A-Z]{2}$/.test(code) && typeof Intl.DisplayNames === 'function' && new Intl.DisplayNames(tag, { type: 'region' }).of(code)) || code,
  }
}

export function useFormat() {
  const { i18n } = useLingui()
  return formats(i18n.locale, useKept(zone))
}
