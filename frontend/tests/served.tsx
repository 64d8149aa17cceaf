import { I18nProvider } from '@lingui/react'
import { type AnyRouter, RouterProvider } from '@tanstack/react-router'
import { render } from '@testing-library/react'
import { vi } from 'vitest'
import { ApiProvider, makeQueryClient } from '../src/shared/api/queries.tsx'
import { i18n } from '../src/shared/i18n.ts'

type Answer = object | ((variables: Record<string, never>) => object)
export type Answers = Record<string, Answer>

/** Every operation that was asked, by name, with its variables. */
export const asked: { name: string; variables: Record<string, unknown> }[] = []

/** A server that answers operations by their name; what it was not told about is a fault. */
export function serve(answers: Answers): void {
  asked.length = 0
  vi.stubGlobal('fetch', async (_: string, { body }: { body: string }) => {
    const { operationName: name, variables } = JSON.parse(body) as { operationName: string; variables: Record<string, never> }
    asked.push({ name, variables })
    const answer = answers[name]
    const found = typeof answer === 'function' ? await answer(variables) : answer
    if (!found) return new Response(JSON.stringify({ errors: [{ message: `no answer to ${name}`, extensions: { code: 'TEST', requestId: 'r-1' } }] }))
    if (found instanceof Error) throw found
    if (found instanceof Response) return found
    return new Response(JSON.stringify({ data: found }))
  })
}

/** A page as its router leads to it. */
export function show(router: AnyRouter) {
  const client = makeQueryClient()
  return {
    router,
    ...render(
      <I18nProvider i18n={i18n}>
        <ApiProvider client={client}>
          <RouterProvider router={router as never} context={{ client } as never} />
        </ApiProvider>
      </I18nProvider>,
    ),
  }
}

/** A refusal of an input, one message for each field. */
export const refused = (...fields: string[]) => ({
  __typename: 'Refusal', code: 'INVALID_INPUT', message: 'Something needs mending.', retryAt: null,
  problems: fields.map((field) => ({ field: field.split('.'), code: 'MALFORMED', message: `wrong: ${field}` })),
})
