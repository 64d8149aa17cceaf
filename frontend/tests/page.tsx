import { I18nProvider } from '@lingui/react'
import { createMemoryHistory, createRouter, RouterProvider } from '@tanstack/react-router'
import { render } from '@testing-library/react'
import { vi } from 'vitest'
import { ApiProvider, makeQueryClient } from '../src/shared/api/queries.tsx'
import { i18n } from '../src/shared/i18n.ts'
import { routeTree } from '../src/portal/router.tsx'

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
    const found = typeof answer === 'function' ? answer(variables) : answer
    if (!found) return new Response(JSON.stringify({ errors: [{ message: `no answer to ${name}`, extensions: { code: 'TEST', requestId: 'r-1' } }] }))
    if (found instanceof Error) throw found
    return new Response(JSON.stringify({ data: found }))
  })
}

/** The portal as a visitor sees it at an address. */
export function open(path: string) {
  const router = createRouter({ routeTree, history: createMemoryHistory({ initialEntries: [path] }) })
  return {
    router,
    ...render(
      <I18nProvider i18n={i18n}>
        <ApiProvider client={makeQueryClient()}>
          <RouterProvider router={router as never} />
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

export const profile = {
  givenName: 'Olivia', familyName: 'Bennett', birthdate: '1984-03-09', phoneNumber: '+442079460101', email: 'olivia@example.com', emailVerifiedAt: '2026-01-01T10:00:00Z',
  revision: 3, updatedAt: '2026-01-01T10:00:00Z', personalCode: null, pendingEmail: null,
  address: { streetAddress: '4 Orchard Close', locality: 'Bath', region: null, postalCode: 'BA1 2LR', country: 'GB' },
}

export const viewer = {
  id: 'v', state: 'ACTIVE', unreadMessages: 0, profile,
  preferences: { locale: 'EN', theme: 'SYSTEM', timeZone: 'Europe/London', cookies: { preferences: false, statistics: false, advertising: false, decidedAt: '2026-01-01T10:00:00Z' } },
  security: { steppedUpUntil: null },
}

const nothing = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } }

/** What the pages ask for before anything is done in them. */
export const answers: Answers = {
  WhoIsIn: { viewer },
  PolicyVersion: { policy: { version: '2026-11-22.1' } },
  ProfilePage: { viewer: { id: 'v', profile } },
  PaymentMethodsPage: { viewer: { id: 'v', paymentMethods: [] } },
  PeoplePage: { viewer: { id: 'v', relatedPersons: [] } },
  MessagesPage: { viewer: { id: 'v', messages: nothing } },
  RequestsPage: { viewer: { id: 'v', requests: nothing } },
  ComplaintsPage: { viewer: { id: 'v', complaints: [] } },
  CompanyPaper: { viewer: null, company: { name: 'Octopus Telecom Ltd', registrationNumber: '1', email: 'a@example.com', phoneNumber: '+44', offices: [], authorities: [] } },
  SecurityPage: { viewer: { id: 'v', profile, security: { passwordChangedAt: '2026-01-01T10:00:00Z', totpEnabled: false, recoveryCodesLeft: 0, coolingOffUntil: null, passkeys: [] } } },
  DevicesPage: {
    viewer: { id: 'v', sessions: [{ id: 's', label: 'Firefox', kind: 'BROWSER', createdAt: '2026-01-01T10:00:00Z', lastSeenAt: '2026-01-01T10:00:00Z', expiresAt: '2026-01-01T10:00:00Z', isCurrent: true, userAgent: null, place: null }] },
  },
  BeginTotp: { beginTotp: { __typename: 'TotpBegun', secret: 'ABCDEFGH', uri: 'otpauth://totp/x' } },
}
