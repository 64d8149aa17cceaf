import { expect, test } from 'vitest'
import { choose, keepChoice, remember, remembered } from './keep.ts'

test('nothing optional is kept before a choice, or after refusing; refusing removes what was kept', () => {
  remember('octopus-theme', 'dark')
  expect(localStorage.length).toBe(0)
  choose({ preferences: true, statistics: false, advertising: false })
  remember('octopus-theme', 'dark')
  expect(remembered('octopus-theme')).toBe('dark')
  choose({ preferences: false, statistics: false, advertising: false })
  remember('octopus-locale', 'lv')
  expect(Object.keys(localStorage)).toEqual(['cookie-choice'])
  localStorage.clear() // as signing out does
  keepChoice()
  expect(Object.keys(localStorage)).toEqual(['cookie-choice'])
})
