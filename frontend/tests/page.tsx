import { createMemoryHistory, createRouter } from '@tanstack/react-router'
import { routeTree } from '../src/portal/router.tsx'
import { type Answers, show } from './served.tsx'

/** The portal as a visitor sees it at an address. */
export const open = (path: string) => show(createRouter({ routeTree, history: createMemoryHistory({ initialEntries: [path] }) }))

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
