import { msg } from '@lingui/core/macro'
import { useLingui } from '@lingui/react'
import { useMemo } from 'react'

const AT_ONCE = msg`At once`
const UNITS: [string, number][] = [['day', 86_400], ['hour', 3600], ['minute', 60], ['second', 1]]

/** How long something took or may take, in the largest unit that says it well. */
export function useLengths() {
  const { i18n } = useLingui()
  return useMemo(() => {
    const tag = i18n.locale === 'lv' ? 'lv-LV' : 'en-GB'
    const made = new Map<string, Intl.NumberFormat>() // slow to make, and a report has many lengths
    const counted = (unit: string) => {
      const found = made.get(unit) ?? new Intl.NumberFormat(tag, { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: unit === 'day' ? 0 : 1 })
      made.set(unit, found)
      return found
    }
    const seconds = (value: number) => {
      if (value === 0) return i18n._(AT_ONCE)
      const [unit, size] = UNITS.find(([, step]) => value >= step) ?? (['second', 1] as const)
      return counted(unit).format(value / size)
    }
    /** P90D, PT48H, PT15M. */
    const iso = (limit: string) => {
      const found = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(limit)
      if (!found) return limit
      const [days, hours, minutes, rest] = found.slice(1).map((one) => Number(one ?? 0)) as [number, number, number, number]
      return seconds(((days * 24 + hours) * 60 + minutes) * 60 + rest)
    }
    return { seconds, iso }
  }, [i18n])
}
