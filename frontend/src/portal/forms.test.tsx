import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Form, mutationsOfForms, press, problemsStandBesideTheirFields, type User } from '../../tests/forms.tsx'
import { answers, open, viewer } from '../../tests/page.tsx'
import { asked, serve } from '../../tests/served.tsx'

// a browser that knows passkeys, and a person who agrees at once
beforeEach(() => {
  vi.stubGlobal('PublicKeyCredential', { parseRequestOptionsFromJSON: (given: unknown) => given, parseCreationOptionsFromJSON: (given: unknown) => given })
  vi.stubGlobal('navigator', { ...navigator, languages: ['en'], credentials: { create: async () => ({ toJSON: () => ({}) }) } })
})
afterEach(() => vi.unstubAllGlobals())

const agree = async (user: User) => user.click(await screen.findByRole('checkbox', { name: /privacy policy/ }))
const SIGN_UP: Form['typed'] = [
  ['Given name', 'Olivia'], ['Family name', 'Bennett'], ['Street and number', '1 Lane'], ['Town', 'Bath'], ['Phone number', '+44 20'], ['E-mail address', 'a@example.com'],
  ['Password', 'four umbrellas'],
]
const PERSON: Form['typed'] = [['Given name', 'Olivia'], ['Family name', 'Bennett']]

const FORMS: Form[] = [
  {
    name: 'sign up', path: '/sign-up', before: agree, mutation: 'SignUp', field: 'signUp', submit: 'Open the account', typed: [...SIGN_UP, ['Born on', '1984-03-09']],
    problems: {
      givenName: 'Given name', familyName: 'Family name', 'identity.birthdate': 'Born on', 'address.streetAddress': 'Street and number', 'address.locality': 'Town',
      'address.postalCode': /Postcode/, 'address.region': /County/, 'address.country': 'Country', phoneNumber: 'Phone number', email: 'E-mail address', password: 'Password',
    },
  },
  {
    name: 'sign up with a personal code', path: '/sign-up', mutation: 'SignUp', field: 'signUp', submit: 'Open the account', typed: [...SIGN_UP, ['Personal code', '161175']],
    before: async (user) => { await agree(user); await user.click(screen.getByRole('radio', { name: 'Latvian personal code' })) },
    problems: { 'identity.personalCode.code': 'Personal code' },
  },
  { name: 'sign in', path: '/sign-in', mutation: 'SignIn', field: 'signIn', submit: 'Sign in', typed: [['E-mail address', 'a@example.com'], ['Password', 'x']], problems: { email: 'E-mail address' } },
  { name: 'a forgotten password', path: '/forgot', mutation: 'RequestPasswordReset', field: 'requestPasswordReset', submit: 'Send the letter', typed: [['E-mail address', 'a@example.com']], problems: { email: 'E-mail address' } },
  { name: 'a new password', path: '/reset?token=t', mutation: 'ResetPassword', field: 'resetPassword', submit: 'Save the new password', typed: [['New password', 'short']], problems: { newPassword: 'New password' } },
  {
    name: 'the profile', path: '/profile', before: press('Edit'), mutation: 'EditProfile', field: 'editProfile', submit: 'Save', typed: [['Given name', 'Olivia Jane']],
    problems: {
      givenName: 'Given name', familyName: 'Family name', 'identity.birthdate': 'Born on', 'address.streetAddress': 'Street and number', 'address.locality': 'Town',
      'address.postalCode': /Postcode/, 'address.region': /County/, 'address.country': 'Country', phoneNumber: 'Phone number',
    },
  },
  { name: 'a new e-mail address', path: '/profile', before: press('Change e-mail address'), mutation: 'ChangeEmail', field: 'changeEmail', submit: 'Send the letter', typed: [['New e-mail address', 'b@example.com']], problems: { newEmail: 'New e-mail address' } },
  {
    name: 'a bank account', path: '/payment-methods', before: press('Add a payment method'), mutation: 'AddPaymentMethod', field: 'addPaymentMethod', submit: 'Add', typed: [['IBAN', 'GB00']],
    problems: { 'method.bankAccount.iban': 'IBAN', 'method.bankAccount.holder': /Account holder/, label: /Your own name/ },
  },
  {
    name: 'PayPal', path: '/payment-methods', mutation: 'AddPaymentMethod', field: 'addPaymentMethod', submit: 'Add', typed: [['E-mail address at PayPal', 'a@example.com']],
    before: async (user) => { await press('Add a payment method')(user); await user.click(screen.getByRole('radio', { name: 'PayPal' })) },
    problems: { 'method.payPal.email': 'E-mail address at PayPal' },
  },
  {
    name: 'a phone bill', path: '/payment-methods', mutation: 'AddPaymentMethod', field: 'addPaymentMethod', submit: 'Add', typed: [['Phone number', '+371']],
    before: async (user) => { await press('Add a payment method')(user); await user.click(screen.getByRole('radio', { name: 'Phone bill' })) },
    problems: { 'method.phoneBill.phoneNumber': 'Phone number' },
  },
  {
    name: 'a related person', path: '/people', before: press('Add a person'), mutation: 'AddRelatedPerson', field: 'addRelatedPerson', submit: 'Add', typed: PERSON,
    problems: { givenName: 'Given name', familyName: 'Family name', email: /E-mail address/, phoneNumber: /Phone number/ },
  },
  {
    name: 'a related person again', path: '/people', before: press('Edit Tom Bennett'), mutation: 'EditRelatedPerson', field: 'editRelatedPerson', submit: 'Save', typed: [['Given name', 'Thomas']],
    held: { PeoplePage: { viewer: { id: 'v', relatedPersons: [{ id: 'p', givenName: 'Tom', familyName: 'Bennett', role: 'TECHNICAL', email: null, phoneNumber: null, addedAt: '2026-01-01T10:00:00Z' }] } } },
    problems: { givenName: 'Given name', familyName: 'Family name', role: 'Role', email: /E-mail address/, phoneNumber: /Phone number/ },
  },
  {
    name: 'a payment method that goes', path: '/payment-methods', before: press('Remove Shop'), mutation: 'RemovePaymentMethod', field: 'removePaymentMethod', submit: 'Remove', typed: [],
    held: { PaymentMethodsPage: { viewer: { id: 'v', paymentMethods: ['Shop', 'Home'].map((label) => ({ __typename: 'PhoneBill', id: label, label, isDefault: label === 'Shop', addedAt: '2026-01-01T10:00:00Z', masked: '+44•••' })) } } },
    problems: { replacementId: 'Use this one first instead' },
  },
  { name: 'a message', path: '/messages', mutation: 'SendMessage', field: 'sendMessage', submit: 'Send', typed: [['Your message', '4111 1111 1111 1111']], problems: { text: 'Your message' } },
  { name: 'a request', path: '/requests', before: press('Make a request'), mutation: 'FileRequest', field: 'fileRequest', submit: 'Send', typed: [['In your words', 'x']], problems: { text: 'In your words' } },
  { name: 'a complaint', path: '/complaints', before: press('Complain'), mutation: 'FileComplaint', field: 'fileComplaint', submit: 'Send the complaint', typed: [['What happened', 'x']], problems: { text: 'What happened' } },
  {
    name: "anybody's complaint", path: '/contact', mutation: 'FileComplaint', field: 'fileComplaint', submit: 'Send the complaint',
    typed: [['Your name', 'A'], ['Your e-mail address', 'a@example.com'], ['What happened', 'x']], problems: { 'contact.name': 'Your name', 'contact.email': 'Your e-mail address', text: 'What happened' },
  },
  {
    name: 'the password', path: '/security', before: press('Change the password'), mutation: 'ChangePassword', field: 'changePassword', submit: 'Save the new password',
    typed: [['Password now', 'a'], ['New password', 'b']], problems: { currentPassword: 'Password now', newPassword: 'New password' },
  },
  { name: 'the app', path: '/security', before: press('Set it up'), mutation: 'ConfirmTotp', field: 'confirmTotp', submit: 'Turn it on', typed: [['The code it shows now', '123456']], problems: { code: 'The code it shows now' } },
  {
    name: 'a passkey', path: '/security', before: press('Add a passkey'), mutation: 'AddPasskey', field: 'addPasskey', submit: 'Continue', typed: [['Name', 'My phone']], problems: { label: 'Name' },
    held: { BeginPasskey: { beginPasskey: { __typename: 'PasskeyChallenge', challenge: 'c', options: {} } } },
  },
  { name: 'a device', path: '/devices', before: press('Rename Firefox'), mutation: 'Rename', field: 'rename', submit: 'Save', typed: [['Name', 'Laptop']], problems: { label: 'Name' } },
  { name: 'the copy of the office', path: '/collect', mutation: 'CollectCopy', field: 'collectCopy', submit: 'Open', typed: [['Code from the office', 'x']], problems: { code: 'Code from the office' } },
]

problemsStandBesideTheirFields(FORMS, answers, open)

test('no form is without such a test', () => {
  const said = mutationsOfForms('src/portal')
  expect(said.size).toBeGreaterThan(10)
  expect([...said].filter((name) => !FORMS.some((form) => form.mutation === name))).toEqual([])
})

test('what is needed and missing is said before anything is sent', async () => {
  const user = userEvent.setup()
  serve(answers)
  open('/forgot')
  await user.click(await screen.findByRole('button', { name: 'Send the letter' }))
  expect(await screen.findByText('This is needed.')).toBeTruthy()
  expect(asked.map((one) => one.name)).not.toContain('RequestPasswordReset')
})

const forgotten = () => Response.json({ errors: [{ message: 'There is no trusted document of this id.', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] }, { status: 400 })

test('a page that is older than the server says so, and keeps what was typed', async () => {
  const user = userEvent.setup()
  serve({ ...answers, SendMessage: forgotten, PeoplePage: forgotten })
  open('/messages')
  await user.type(await screen.findByLabelText('Your message'), 'When does my domain renew?')
  await user.click(screen.getByRole('button', { name: 'Send' }))
  expect((await screen.findByRole('alert')).textContent).toContain('older than our server')
  expect((screen.getByLabelText('Your message') as HTMLInputElement).value).toBe('When does my domain renew?')
  expect(screen.getByRole('button', { name: 'Load the page anew' })).toBeTruthy()

  await user.click(screen.getByRole('link', { name: 'Related persons' }))
  expect(await screen.findByRole('heading', { name: 'This page cannot be shown now' })).toBeTruthy()
  expect(screen.getByRole('button', { name: 'Load the page anew' })).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull()
})

test("a certificate's code stays: missing, unknown, or the server is away", async () => {
  const user = userEvent.setup()
  serve({ CertificateOf: { erasureCertificate: null } })
  open('/certificate')
  await user.click(await screen.findByRole('button', { name: 'Show the certificate' }))
  expect(await screen.findByText('This is needed.')).toBeTruthy()
  expect(document.activeElement).toBe(screen.getByLabelText('Code'))

  await user.type(screen.getByLabelText('Code'), 'E-1')
  await user.click(screen.getByRole('button', { name: 'Show the certificate' }))
  expect(await screen.findByText(/There is no certificate for this code/)).toBeTruthy()
  expect((screen.getByLabelText('Code') as HTMLInputElement).value).toBe('E-1')

  serve({ CertificateOf: new Error('offline') })
  await user.type(screen.getByLabelText('Code'), '2')
  await user.click(screen.getByRole('button', { name: 'Show the certificate' }))
  expect((await screen.findByRole('alert')).textContent).toContain('could not reach the server')
  expect((screen.getByLabelText('Code') as HTMLInputElement).value).toBe('E-12')
})

const no = (code: string) => ({ __typename: 'Refusal', code, message: `No: ${code}`, retryAt: null, problems: [] })
const WAYS = [['PASSWORD', 'Your password'], ['TOTP', 'Code of six digits'], ['RECOVERY_CODE', 'Recovery code']] as const

test.each(WAYS)('a proof that fails (%s) says so, and what was typed stays', async (method, label) => {
  const user = userEvent.setup()
  serve({
    ...answers, ChangeEmail: { changeEmail: no('STEP_UP_REQUIRED') }, StepUp: { stepUp: no('WRONG_CREDENTIALS') },
    BeginStepUp: { beginStepUp: { __typename: 'StepUpBegun', challenge: 'c', methods: [method], passkeyOptions: null } },
    SignIn: { signIn: { __typename: 'SecondFactorRequired', challenge: 'c', methods: [method], passkeyOptions: null } },
    CompleteSignIn: { completeSignIn: no('WRONG_CREDENTIALS') },
  })
  const fails = async () => {
    await user.type(await screen.findByLabelText(label), '123456')
    await user.click(screen.getByRole('button', { name: 'Continue' }))
    expect((await screen.findByRole('alert')).textContent).toContain('No: WRONG_CREDENTIALS')
    expect((screen.getByLabelText(label) as HTMLInputElement).value).toBe('123456')
  }
  const { unmount } = open('/profile')
  await press('Change e-mail address')(user)
  await user.type(await screen.findByLabelText('New e-mail address'), 'b@example.com')
  await user.click(screen.getByRole('button', { name: 'Send the letter' }))
  await fails()

  unmount()
  open('/sign-in')
  await user.type(await screen.findByLabelText('E-mail address'), 'a@example.com')
  await user.type(screen.getByLabelText('Password'), 'x')
  await user.click(screen.getByRole('button', { name: 'Sign in' }))
  await fails()
})

test('a lost connection keeps what was typed and says so', async () => {
  const user = userEvent.setup()
  serve({ ...answers, SendMessage: new Error('offline') })
  open('/messages')
  await user.type(await screen.findByLabelText('Your message'), 'A long story')
  await user.click(screen.getByRole('button', { name: 'Send' }))
  expect((await screen.findByRole('alert')).textContent).toContain('could not reach the server')
  expect((screen.getByLabelText('Your message') as HTMLTextAreaElement).value).toBe('A long story')
})

test('a fault of ours names the number to tell support', async () => {
  const user = userEvent.setup()
  serve(answers)
  open('/messages')
  await user.type(await screen.findByLabelText('Your message'), 'x')
  await user.click(screen.getByRole('button', { name: 'Send' }))
  expect((await screen.findByRole('alert')).textContent).toContain('r-1')
})

test('a stale revision shows what changed, and both are kept', async () => {
  const user = userEvent.setup()
  const { profile } = (answers.ProfilePage as { viewer: { profile: object } }).viewer
  const stale = { editProfile: { __typename: 'Refusal', code: 'STALE_REVISION', message: 'Changed meanwhile.', retryAt: null, problems: [] } }
  const theirs = { ...profile, revision: 4, phoneNumber: '+442079460999' }
  const saved = { editProfile: { __typename: 'ProfileEdited', profile: { ...theirs, givenName: 'Jane', revision: 5 } } }
  serve({ ...answers, ProfileNow: { viewer: { id: 'v', profile: theirs } }, EditProfile: (variables: { input: { revision: number } }) => (variables.input.revision === 3 ? stale : saved) })
  open('/profile')
  await press('Edit')(user)
  const given = await screen.findByLabelText('Given name')
  await user.clear(given)
  await user.type(given, 'Jane')
  await user.click(screen.getByRole('button', { name: 'Save' }))
  expect(await screen.findByText('+442079460999')).toBeTruthy()
  await user.click(screen.getByRole('button', { name: /Keep both/ }))
  await user.click(screen.getByRole('button', { name: 'Save' }))
  await screen.findByText(/^Saved/)
  expect(asked.findLast((one) => one.name === 'EditProfile')?.variables).toEqual({ input: { revision: 4, givenName: 'Jane' } })
})

test('a fresh proof is asked for, and then what was wanted is done', async () => {
  const user = userEvent.setup()
  let proven = false
  serve({
    ...answers,
    ChangeEmail: () => (proven
      ? { changeEmail: { __typename: 'EmailChangeStarted', pending: { email: 'b@example.com', expiresAt: '2026-12-01T10:00:00Z' } } }
      : { changeEmail: { __typename: 'Refusal', code: 'STEP_UP_REQUIRED', message: 'Prove it.', retryAt: null, problems: [] } }),
    BeginStepUp: { beginStepUp: { __typename: 'StepUpBegun', challenge: 'c', methods: ['PASSWORD'], passkeyOptions: null } },
    StepUp: () => { proven = true; return { stepUp: { __typename: 'SteppedUp', until: '2026-12-01T10:00:00Z' } } },
  })
  open('/profile')
  await press('Change e-mail address')(user)
  await user.type(await screen.findByLabelText('New e-mail address'), 'b@example.com')
  await user.click(screen.getByRole('button', { name: 'Send the letter' }))
  await user.type(await screen.findByLabelText('Your password'), 'secret')
  await user.click(screen.getByRole('button', { name: 'Continue' }))
  await waitFor(() => expect(asked.filter((one) => one.name === 'ChangeEmail')).toHaveLength(2))
})

test('two choices in quick succession both show at once, and both are told in their turn', async () => {
  const user = userEvent.setup()
  const { preferences } = viewer
  const held = { ...preferences, newsByEmail: false, personalisedContent: false, personalisedAds: false, adTopics: [], updatedAt: '2026-01-01T10:00:00Z' }
  let answer: (() => void) | undefined
  const first = new Promise<void>((resolve) => { answer = resolve })
  serve({
    ...answers,
    PreferencesPage: { viewer: { id: 'v', preferences: held } },
    ConsentsPage: { viewer: { id: 'v', consents: { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } } } },
    SetPreferences: () => first.then(() => ({ setPreferences: { __typename: 'PreferencesSet', preferences: { updatedAt: '2026-01-02T10:00:00Z' } } })),
  })
  open('/preferences')
  for (const name of ['Hosting', 'Domains']) {
    const tick = await screen.findByRole('checkbox', { name })
    await user.click(tick)
    expect((tick as HTMLInputElement).checked).toBe(true)
  }
  answer?.()
  await waitFor(() => expect(asked.filter((one) => one.name === 'SetPreferences').map((one) => one.variables)).toEqual([
    { input: { adTopics: ['HOSTING'] } }, { input: { adTopics: ['HOSTING', 'DOMAINS'] } },
  ]))
})
