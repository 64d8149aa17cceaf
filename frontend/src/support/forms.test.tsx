import { createMemoryHistory, createRouter } from '@tanstack/react-router'
import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'
import { type Form, press, problemsStandBesideTheirFields, type User } from '../../tests/forms.tsx'
import { type Answers, asked, serve, show } from '../../tests/served.tsx'
import { routeTree } from './router.tsx'

const open = (path: string) => show(createRouter({ routeTree, history: createMemoryHistory({ initialEntries: [path] }) }))

const none = { totalCount: 0, nodes: [], pageInfo: { hasNextPage: false, endCursor: null } }
const hit = { id: 'c', number: 'C123', state: 'ACTIVE', maskedName: '•••', maskedEmail: '•••@•••' }
const request = {
  id: 'r', number: 'R-1', kind: 'UPDATE', channel: 'OFFICE', status: 'RECEIVED', receivedAt: '2026-11-25T10:00:00Z', dueAt: '2026-11-27T10:00:00Z', overdue: false, relatedPersonId: null, text: null,
  copyReadyAt: null, handedOverAt: null, fulfilledAt: null, explanation: null, clause: '5', customer: hit, identityCheck: null, assignedTo: null, approval: null, latestEvent: null,
}
const answers: Answers = {
  WhoIsOnDuty: { viewer: { id: 's', name: 'Helen Marsh', email: 'helen@example.com', roles: ['PRIVACY_OFFICER', 'OFFICE', 'ADMIN'], powers: ['SEARCH', 'OPEN_RECORDS', 'READ_REQUESTS', 'SERVE_REQUESTS', 'HANDLE_COMPLAINTS', 'KEEP_HOLDS', 'READ_HOLDS', 'MANAGE_STAFF'], factors: ['TOTP', 'PASSWORD'] } },
  Badges: { work: { requestsOpen: 0, requestsOverdue: 0, complaintsOpen: 0, conversationsUnanswered: 0, approvalsForMe: 0, holdsToReview: 0, reviewsDue: 0 } },
  OpenGrants: { openGrants: [] },
  FindCustomers: { findCustomers: [hit] },
  OneRequest: { requests: { nodes: [request] }, openGrants: [] },
  Offices: { company: { offices: [{ id: 'riga', name: 'Riga office' }], authorities: [{ name: 'Datu valsts inspekcija', country: 'LV' }] } },
  ComplaintQueue: { complaints: none },
  ReviewList: { reviews: [{ id: 'k', kind: 'KEYS', dueAt: '2026-12-01T10:00:00Z', lastDoneAt: null, lastDoneBy: null, lastOutcome: null }] },
  StaffList: { staff: [] },
}
const found = async (user: User) => {
  await user.type(await screen.findByLabelText('Customer number'), 'C123')
  await user.click(screen.getByRole('button', { name: 'Find' }))
}

const FORMS: Form[] = [
  { name: 'sign in', path: '/sign-in', mutation: 'SignIn', field: 'signIn', submit: 'Sign in', typed: [['Your address at work', 'a@example.com'], ['Password', 'x']], problems: { email: 'Your address at work' } },
  { name: 'an invitation', path: '/invitation?token=t', mutation: 'AcceptInvitation', field: 'acceptInvitation', submit: 'Continue', typed: [['Your new password', 'short']], problems: { newPassword: 'Your new password' } },
  {
    name: 'opening a record', path: '/find', mutation: 'OpenRecord', field: 'openRecord', submit: 'Open', typed: [['Ticket', 'x']], problems: { ticket: 'Ticket' },
    before: async (user) => { await found(user); await press('Open record of C123')(user) },
  },
  { name: 'the identity check', path: '/requests/R-1', mutation: 'Identify', field: 'identify', submit: 'It is the owner', typed: [['Last four signs', '12']], problems: { 'check.lastFour': 'Last four signs' } },
  { name: 'a denial', path: '/requests/R-1', before: press('Deny the request'), mutation: 'DenyRequest', field: 'denyRequest', submit: 'Deny', typed: [['Reason', 'x']], problems: { reason: 'Reason' } },
  {
    name: 'a complaint', path: '/complaints', before: press('Receive a complaint'), mutation: 'ReceiveComplaint', field: 'receiveComplaint', submit: 'Receive it',
    typed: [['Their name', 'A'], ['Their e-mail address', 'a@example.com'], ['The complaint, in their words', 'x']], problems: { 'contact.name': 'Their name', 'contact.email': 'Their e-mail address', text: 'The complaint, in their words' },
  },
  { name: 'a review', path: '/reviews', before: press('Done: Keys'), mutation: 'CompleteReview', field: 'completeReview', submit: 'It was reviewed', typed: [['What was found, and changed', 'x']], problems: { outcome: 'What was found, and changed' } },
  { name: 'an invitation of staff', path: '/staff', before: press('Invite somebody'), mutation: 'InviteStaff', field: 'inviteStaff', submit: 'Send the invitation', typed: [['Name', 'A'], ['Address at work', 'a@example.com']], problems: { name: 'Name', email: 'Address at work' } },
  { name: 'the password', path: '/me', mutation: 'ChangePassword', field: 'changePassword', submit: 'Change it', typed: [['Present password', 'a'], ['New password', 'b']], problems: { newPassword: 'New password' } },
]

problemsStandBesideTheirFields(FORMS, answers, open)

test('a filter of the queue stands in the address', async () => {
  const user = userEvent.setup()
  serve({ ...answers, WorkQueue: { requests: none } })
  const { router } = open('/requests')
  await user.selectOptions(await screen.findByLabelText('Kind'), 'DELETE')
  await waitFor(() => expect(router.state.location.searchStr).toContain('kind=DELETE'))
  expect(asked.findLast((one) => one.name === 'WorkQueue')?.variables).toMatchObject({ kind: ['DELETE'], status: ['RECEIVED', 'IN_PROGRESS'] })
})
