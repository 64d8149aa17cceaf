import { expect, test } from 'vitest'
import { formats } from './format.ts'

test('dates are as each language writes them, and a calendar date is of no time zone', () => {
  expect(formats('en', 'America/New_York').date('1984-03-09')).toBe('9 March 1984')
  expect(formats('lv', 'Europe/Riga').date('2026-11-25T23:30:00Z')).toBe('26.11.2026.')
  expect(formats('en', 'Europe/London').dateTime('2026-07-01T23:30:00Z')).toBe('2 Jul 2026, 00:30')
})

test('times are told in words', () => {
  const now = Date.parse('2026-11-25T12:00:00Z')
  expect(formats('en').relative('2026-11-28T12:00:00Z', now)).toBe('in 3 days')
  expect(formats('lv').relative('2026-11-24T12:00:00Z', now)).toBe('vakar')
})

test('a country has its name in the language, whether its code or its English name is known', () => {
  expect(formats('lv').country('GB')).toBe('Apvienotā Karaliste')
  expect(formats('lv').country('United Kingdom')).toBe('Apvienotā Karaliste')
  expect(formats('en').country('Latvia')).toBe('Latvia')
  expect(formats('lv').country('Somewhere')).toBe('Somewhere')
})
