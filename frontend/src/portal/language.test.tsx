import { act, screen, waitFor } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { answers, open, viewer } from '../../tests/page.tsx'
import { asked, serve } from '../../tests/served.tsx'
import { bringWords, i18n, speak } from '../shared/i18n.ts'

const en = () => import('./words/en.po')
const lv = () => import('./words/lv.po')
type Words = Awaited<ReturnType<typeof lv>>

afterEach(async () => {
  bringWords({ en, lv })
  await speak('en')
})

test('a change of language keeps what is shown until the answers in the new one are there', async () => {
  bringWords({ en, lv })
  await speak('en')
  let answer: (() => void) | undefined
  const held = new Promise<void>((resolve) => { answer = resolve })
  serve(answers)
  open('/messages')
  await screen.findByRole('heading', { level: 1, name: 'Messages' })
  serve({ ...answers, WhoIsIn: () => held.then(() => answers.WhoIsIn as object), MessagesPage: () => held.then(() => answers.MessagesPage as object) })

  await act(() => speak('lv'))

  await screen.findByRole('heading', { level: 1, name: 'Ziņas' })
  await waitFor(() => expect(asked.map((one) => one.name).toSorted()).toEqual(['MessagesPage', 'WhoIsIn']))
  expect(document.querySelector('main')?.checkVisibility()).toBe(true)
  expect(document.querySelector('.waiting')).toBeNull()
  answer?.()
})

test('the language asked for last is spoken, whichever words come first', async () => {
  let slow: ((found: Words) => void) | undefined
  bringWords({ en, lv: () => new Promise((resolve) => { slow = resolve }) })
  const first = speak('lv')
  await speak('en')
  slow?.(await lv())
  await first
  expect(i18n.locale).toBe('en')
})

test('what a customer likes counts from the first page on: nothing is shown in another language or appearance before', async () => {
  bringWords({ en, lv })
  await speak('en')
  const seen = new Set<string | undefined>()
  new MutationObserver(() => seen.add(document.querySelector('main h1')?.textContent)).observe(document.body, { childList: true, subtree: true })
  serve({ ...answers, WhoIsIn: { viewer: { ...viewer, preferences: { ...viewer.preferences, locale: 'LV', theme: 'DARK' } } } })
  open('/messages')
  await screen.findByRole('heading', { level: 1, name: 'Ziņas' })
  expect(document.documentElement.dataset.theme).toBe('dark')
  expect(seen).not.toContain('Messages')
})
