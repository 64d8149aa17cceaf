import { createMemoryHistory, createRouter } from '@tanstack/react-router'
import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Form, mutationsOfForms, press, problemsStandBesideTheirFields, type User } from '../../tests/forms.tsx'
import { type Answers, asked, serve, show } from '../../tests/served.tsx'
import { routeTree } from './router.tsx'

// a browser that knows passkeys, and a person who agrees at once
beforeEach(() => {
  vi.stubGlobal('PublicKeyCredential', { parseRequestOptionsFromJSON: (given: unknown) => given, parseCreationOptionsFromJSON: (given: unknown) => given })
  vi.stubGlobal('navigator', { ...navigator, languages: ['en'], credentials: { create: async () => ({ toJSON: () => ({}) }) } })
})
afterEach(() => vi.unstubAllGlobals())

const open = (path: string) => show(createRouter({ routeTree, history: createMemoryHistory({ initialEntries: [path] }) }))

const pageInfo = { hasNextPage: false, endCursor: null }
const none = { totalCount: 0, nodes: [], pageInfo }
const hit = { id: 'c', number: 'C123', state: 'ACTIVE', maskedName: '•••', maskedEmail: '•••@•••' }
const request = {
  id: 'r', number: 'R-1', kind: 'UPDATE', channel: 'OFFICE', status: 'RECEIVED', receivedAt: '2026-11-25T10:00:00Z', dueAt: '2026-11-27T10:00:00Z', overdue: false, relatedPersonId: null, text: null,
  copyReadyAt: null, handedOverAt: null, fulfilledAt: null, explanation: null, clause: '5', customer: hit, identityCheck: null, assignedTo: null, approval: null, latestEvent: null,
}
const identityCheck = { document: 'PASSPORT', lastFour: '7KQ2', officeId: 'riga', checkedBy: 'Helen Marsh', confirmedBy: null, at: '2026-11-25T10:00:00Z' }
const requested = (more: object) => ({ requests: { nodes: [{ ...request, identityCheck, ...more }] }, openGrants: [{ id: 'g', customer: { number: 'C123' } }] })
const value = { masked: '•••', present: true, ref: null }
const complaint = {
  id: 'k', number: 'C-1', channel: 'OFFICE', receivedAt: '2026-11-25T10:00:00Z', acknowledgeBy: '2026-12-02T10:00:00Z', acknowledgedAt: null, closedAt: null, overdue: false, text: 'x', outcome: null,
  authority: null, regulatorReference: null, evidenceSha256: null, assignedTo: null, customer: null, complainant: { name: value, email: value },
}
const proposal = { id: 'p', kind: 'OFFICE_DELETION', reason: 'x', proposedAt: '2026-11-25T10:00:00Z', dueAt: '2099-11-27T10:00:00Z', mine: false, forMe: true, proposedBy: { id: 't', name: 'Una' }, customer: hit }
const member = { id: 't', name: 'Una', email: 'una@example.com', roles: ['SUPPORT'], active: true, invitedAt: null, lockedAt: null, lastSignInAt: null, factors: ['TOTP'] }
const POWERS = [
  'SEARCH', 'OPEN_RECORDS', 'READ_REQUESTS', 'SERVE_REQUESTS', 'READ_COMPLAINTS', 'HANDLE_COMPLAINTS', 'READ_HOLDS', 'KEEP_HOLDS', 'READ_APPROVALS', 'READ_REVIEWS', 'READ_COMPLIANCE', 'PUBLISH_POLICY',
  'MANAGE_STAFF', 'CLOSE_FOR_TERMS', 'ANSWER', 'READ_CONVERSATION', 'RECORD_SERVICES',
]
const answers: Answers = {
  WhoIsOnDuty: { viewer: { id: 's', name: 'Helen Marsh', email: 'helen@example.com', roles: ['PRIVACY_OFFICER', 'OFFICE', 'ADMIN'], powers: POWERS, factors: ['TOTP', 'PASSWORD'] } },
  Badges: { work: { requestsOpen: 0, requestsOverdue: 0, complaintsOpen: 0, conversationsUnanswered: 0, approvalsForMe: 0, holdsToReview: 0, reviewsDue: 0 } },
  OpenGrants: { openGrants: [] },
  FindCustomers: { findCustomers: [hit] },
  OneRequest: { requests: { nodes: [request] }, openGrants: [] },
  OldValues: { customer: { id: 'c', profile: { revision: 1 }, changes: [] } },
  Offices: { company: { offices: [{ id: 'riga', name: 'Riga office' }], authorities: [{ name: 'Datu valsts inspekcija', country: 'LV' }] } },
  ComplaintQueue: { complaints: none },
  OneComplaint: { complaints: { nodes: [complaint] } },
  ApprovalList: { approvals: { pageInfo, nodes: [proposal, { ...proposal, id: 'q', mine: true, forMe: false, kind: 'HOLD_RELEASE' }] } },
  HoldList: { holds: { pageInfo, nodes: [{ id: 'h', basis: null, scope: ['all'], placedAt: '2026-11-25T10:00:00Z', placedBy: 'Una', reviewBy: '2099-01-01', releasedAt: null, toldToCustomer: true, customer: hit }] } },
  PolicyList: { policies: [{ version: '2027-03-01.1', sha256: 'x', change: 'NEUTRAL', summary: 'x', publishedAt: null, validFrom: null, earliestValidFrom: null, toNotify: 0, notified: 0, undelivered: 0, viewed: 0, accepted: 0, declined: 0 }] },
  ReviewList: { reviews: [{ id: 'k', kind: 'KEYS', dueAt: '2026-12-01T10:00:00Z', lastDoneAt: null, lastDoneBy: null, lastOutcome: null, forMe: true }] },
  StaffList: { staff: [member] },
  AcceptInvitation: { acceptInvitation: { __typename: 'TotpBegun', secret: 'ABCDEFGH', uri: 'otpauth://totp/x?secret=ABCDEFGH' } },
  RecordHead: { customer: { id: 'c', number: 'C123', state: 'ACTIVE', createdAt: '2026-11-25T10:00:00Z', governingPolicy: '1', closure: null, grant: { id: 'g', reason: 'LEGAL', ticket: 'A-1', openedAt: '2026-11-25T10:00:00Z', expiresAt: '2099-11-25T10:15:00Z' } } },
  RecordAccount: { customer: { id: 'c', paymentMethods: [], services: [], relatedPersons: [] } },
  RecordContact: { customer: { id: 'c', notes: [], messages: { pageInfo, nodes: [] } } },
  RecordProfile: { customer: { id: 'c', changes: [], preferences: null, profile: { revision: 1, emailVerifiedAt: null, givenName: value, familyName: value, birthdate: value, personalCode: value, address: value, phoneNumber: value, email: value } } },
}
const found = async (user: User) => {
  await user.type(await screen.findByLabelText('Customer number'), 'C123')
  await user.click(screen.getByRole('button', { name: 'Find' }))
}

const FORMS: Form[] = [
  { name: 'sign in', path: '/sign-in', mutation: 'SignIn', field: 'signIn', submit: 'Sign in', typed: [['Your address at work', 'a@example.com'], ['Password', 'x']], problems: { email: 'Your address at work' } },
  { name: 'an invitation', path: '/invitation?token=t', mutation: 'AcceptInvitation', field: 'acceptInvitation', submit: 'Continue', typed: [['Your new password', 'short']], problems: { newPassword: 'Your new password' } },
  {
    name: 'the first app', path: '/invitation?token=t', mutation: 'ConfirmTotp', field: 'confirmTotp', submit: 'Confirm', typed: [['The six digits the app shows now', '1']], problems: { code: 'The six digits the app shows now' },
    before: async (user) => { await user.type(await screen.findByLabelText('Your new password'), 'five quiet otters'); await press('Continue')(user) },
  },
  {
    name: 'opening a record', path: '/find', mutation: 'OpenRecord', field: 'openRecord', submit: 'Open', typed: [['Ticket', 'x']], problems: { ticket: 'Ticket' },
    before: async (user) => { await found(user); await press('Open record of C123')(user) },
  },
  {
    name: 'a request', path: '/find', mutation: 'ReceiveRequest', field: 'receiveRequest', submit: 'Receive it', typed: [['Last four signs', '12'], [/^In their words/, 'x']],
    problems: { receivedAt: /^When it was received/, text: /^In their words/, 'check.document': 'Document', 'check.lastFour': 'Last four signs', 'check.officeId': 'Office' },
    before: async (user) => { await found(user); await press('Receive a request of C123')(user); await user.click(await screen.findByLabelText('The owner is here and has shown a document')) },
  },
  { name: 'the identity check', path: '/requests/R-1', mutation: 'Identify', field: 'identify', submit: 'It is the owner', typed: [['Last four signs', '12']], problems: { 'check.lastFour': 'Last four signs' } },
  { name: 'a denial', path: '/requests/R-1', before: press('Deny the request'), mutation: 'DenyRequest', field: 'denyRequest', submit: 'Deny', typed: [['Reason', 'x']], problems: { reason: 'Reason' } },
  {
    name: 'a correction', path: '/requests/R-1', held: { OneRequest: requested({}) }, mutation: 'FulfilRequest', field: 'fulfilRequest', submit: 'Do it',
    typed: [[/^Given name/, 'A'], [/^Family name/, 'B'], [/^Phone number/, '12'], [/^E-mail address/, 'a@example.com'], [/^Street and number/, 'x'], [/^Town/, 'y'], [/^Country/, 'ZZ'], [/^A word/, 'z']],
    problems: {
      'changes.givenName': /^Given name/, 'changes.familyName': /^Family name/, 'changes.phoneNumber': /^Phone number/, 'changes.email': /^E-mail address/, 'changes.birthdate': /^Birthdate/,
      'changes.address.streetAddress': /^Street and number/, 'changes.address.locality': /^Town/, 'changes.address.region': /^Region/, 'changes.address.postalCode': /^Postcode/,
      'changes.address.country': /^Country/, explanation: /^A word/,
    },
  },
  { name: 'a deletion', path: '/requests/R-1', held: { OneRequest: requested({ kind: 'DELETE' }) }, mutation: 'FulfilRequest', field: 'fulfilRequest', submit: 'Propose the deletion', typed: [[/^What your colleague/, 'x']], problems: { explanation: /^What your colleague/ } },
  { name: 'an objection', path: '/requests/R-1', held: { OneRequest: requested({ kind: 'OBJECT' }) }, mutation: 'FulfilRequest', field: 'fulfilRequest', submit: 'Do it', typed: [[/^A word/, 'x']], problems: { explanation: /^A word/ } },
  {
    name: 'a complaint', path: '/complaints', before: press('Receive a complaint'), mutation: 'ReceiveComplaint', field: 'receiveComplaint', submit: 'Receive it',
    typed: [['Their name', 'A'], ['Their e-mail address', 'a@example.com'], ['The complaint, in their words', 'x']],
    problems: { 'contact.name': 'Their name', 'contact.email': 'Their e-mail address', text: 'The complaint, in their words', receivedAt: /^When it was received/ },
  },
  { name: 'a referral', path: '/complaints/C-1', before: press('Note a referral'), mutation: 'ReferComplaint', field: 'referComplaint', submit: 'Note it', typed: [['Their reference', '/']], problems: { authority: 'Authority', reference: 'Their reference' } },
  { name: 'an outcome', path: '/complaints/C-1', before: press('Close it'), mutation: 'CloseComplaint', field: 'closeComplaint', submit: 'Close the complaint', typed: [['Outcome', 'x']], problems: { outcome: 'Outcome' } },
  { name: 'a rejection', path: '/approvals', before: press(/^Reject:/), mutation: 'Reject', field: 'reject', submit: 'Reject', typed: [['Reason', 'x']], problems: { reason: 'Reason' } },
  { name: 'a proposal taken back', path: '/approvals', before: press(/^Take it back:/), mutation: 'Reject', field: 'reject', submit: 'Take it back', typed: [['Reason', 'x']], problems: { reason: 'Reason' } },
  { name: 'a hold reviewed', path: '/holds', before: press(/^Review the hold/), mutation: 'ReviewHold', field: 'reviewHold', submit: 'It stays', typed: [['Why it is still needed', 'x'], ['Review again by', '2030-01-01']], problems: { reason: 'Why it is still needed', reviewBy: 'Review again by' } },
  { name: 'a hold released', path: '/holds', before: press(/^Release the hold/), mutation: 'ReleaseHold', field: 'releaseHold', submit: 'Propose the release', typed: [['Reason', 'x']], problems: { reason: 'Reason' } },
  { name: 'a publication', path: '/policies', before: press(/^Propose publishing/), mutation: 'PublishPolicy', field: 'publishPolicy', submit: 'Propose it', typed: [['In force from', '2020-01-01']], problems: { validFrom: 'In force from' } },
  { name: 'a review', path: '/reviews', before: press('Done: Keys'), mutation: 'CompleteReview', field: 'completeReview', submit: 'It was reviewed', typed: [['What was found, and changed', 'x']], problems: { outcome: 'What was found, and changed' } },
  {
    name: 'a service', path: '/records/c?part=account', before: press('Record a service'), mutation: 'RecordService', field: 'recordService', submit: 'Record', typed: [['Name', 'x'], ['Reference in the billing system', 'y'], ['Since', '2026-01-01']],
    problems: { name: 'Name', reference: 'Reference in the billing system', startedAt: 'Since', endedAt: /^Until/ },
  },
  { name: 'a message', path: '/records/c?part=contact', mutation: 'SendMessage', field: 'sendMessage', submit: 'Send', typed: [['Message to the customer', 'x']], problems: { text: 'Message to the customer' } },
  { name: 'a note', path: '/records/c?part=contact', mutation: 'AddNote', field: 'addNote', submit: 'Add the note', typed: [['Note', 'x']], problems: { text: 'Note' } },
  { name: 'securing', path: '/records/c', before: press('Secure the account'), mutation: 'SecureAccount', field: 'secureAccount', submit: 'Secure it', typed: [['Reason', 'x']], problems: { reason: 'Reason' } },
  {
    name: 'a hold', path: '/records/c', before: press('Place a hold'), mutation: 'PlaceHold', field: 'placeHold', submit: 'Place the hold', typed: [['Legal basis and matter', 'x'], ['Review by', '2030-01-01']],
    problems: { basis: 'Legal basis and matter', scope: 'Everything', reviewBy: 'Review by' },
  },
  { name: 'a closing', path: '/records/c', before: press('Close under the terms'), mutation: 'CloseForTerms', field: 'closeForTerms', submit: 'Propose it', typed: [['Clause of the terms', 'x'], ['Reason', 'y']], problems: { termsClause: 'Clause of the terms', reason: 'Reason' } },
  { name: 'an invitation of staff', path: '/staff', before: press('Invite somebody'), mutation: 'InviteStaff', field: 'inviteStaff', submit: 'Send the invitation', typed: [['Name', 'A'], ['Address at work', 'a@example.com']], problems: { name: 'Name', email: 'Address at work' } },
  { name: 'the password', path: '/me', mutation: 'ChangePassword', field: 'changePassword', submit: 'Change it', typed: [['Present password', 'a'], ['New password', 'b']], problems: { currentPassword: 'Present password', newPassword: 'New password' } },
  { name: 'roles', path: '/staff', before: press('Roles of Una'), mutation: 'SetStaffRoles', field: 'setStaffRoles', submit: 'Save', typed: [], problems: { roles: 'Support' } },
  { name: 'a passkey', path: '/me', mutation: 'AddPasskey', field: 'addPasskey', held: { BeginPasskey: { beginPasskey: { __typename: 'PasskeyChallenge', challenge: 'c', options: {} } } }, submit: 'Add it', typed: [['Name of the device', 'x']], problems: { label: 'Name of the device' } },
]

problemsStandBesideTheirFields(FORMS, answers, open)

test('no form is without such a test', () => {
  const said = mutationsOfForms('src/support')
  expect(said.size).toBeGreaterThan(20)
  expect([...said].filter((name) => !FORMS.some((form) => form.mutation === name))).toEqual([])
})

test('a filter of the queue stands in the address', async () => {
  const user = userEvent.setup()
  serve({ ...answers, WorkQueue: { requests: none } })
  const { router } = open('/requests')
  await user.selectOptions(await screen.findByLabelText('Kind'), 'DELETE')
  await waitFor(() => expect(router.state.location.searchStr).toContain('kind=DELETE'))
  expect(asked.findLast((one) => one.name === 'WorkQueue')?.variables).toMatchObject({ kind: ['DELETE'], status: ['RECEIVED', 'IN_PROGRESS'] })
})
