/** What holds for every form of both pages: each problem of the server stands beside its field, and nothing typed is lost. */
import { readdirSync, readFileSync } from 'node:fs'
import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'
import { type Answers, asked, refused, serve } from './served.tsx'

export type User = ReturnType<typeof userEvent.setup>

export interface Form {
  name: string
  path: string
  /** The way to the form, where it is not on the page at once. */
  before?: (user: User) => Promise<unknown>
  mutation: string
  field: string
  /** What is typed, by the label of the field. */
  typed: [label: string | RegExp, text: string][]
  submit: string
  /** What the page holds besides. */
  held?: Answers
  /** The fields with problems, and their labels. */
  problems: Record<string, string | RegExp>
}

export const press = (name: string | RegExp) => async (user: User) => user.click(await screen.findByRole('button', { name }))

export function problemsStandBesideTheirFields(forms: Form[], answers: Answers, open: (path: string) => unknown): void {
  test.each(forms)('$name: every problem stands beside its field, what was typed stays, and the first is in focus', async (form) => {
    const user = userEvent.setup()
    serve({ ...answers, ...form.held, [form.mutation]: { [form.field]: refused(...Object.keys(form.problems)) } })
    open(form.path)
    await form.before?.(user)
    for (const [label, text] of form.typed) {
      const input = await screen.findByLabelText(label)
      await user.clear(input)
      await user.type(input, text)
    }
    await user.click(await screen.findByRole('button', { name: form.submit }))

    const [first] = Object.keys(form.problems)
    for (const [field, label] of Object.entries(form.problems)) {
      const input = screen.getByLabelText(label)
      await waitFor(() => expect(input.getAttribute('aria-invalid')).toBe('true'))
      const described = (input.getAttribute('aria-describedby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent)
      expect(described).toContain(`wrong: ${field}`)
      if (field === first) expect(document.activeElement).toBe(input)
    }
    for (const [label, text] of form.typed) expect((screen.getByLabelText(label) as HTMLInputElement).value).toBe(text)
    expect(asked.filter((one) => one.name === form.mutation)).toHaveLength(1)
  })
}

const FORM = /<(?:ActForm|PlainForm)\s[^>]*?\bdocument=\{(\w+)\}/g
const MUTATION = /const (\w+) = graphql\(`\s*mutation (\w+)/g

/** The mutations that forms say, as the sources in a folder have them: a form without a test is found by them. */
export function mutationsOfForms(folder: string): Set<string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tsx'))
  const all = files.map((name) => readFileSync(`${folder}/${name}`, 'utf8')).map((source) => {
    const names = new Map(Array.from(source.matchAll(MUTATION), ([, constant = '', name = '']) => [constant, name]))
    return Array.from(source.matchAll(FORM), ([, constant = '']) => names.get(constant) ?? constant)
  })
  return new Set(all.flat())
}
