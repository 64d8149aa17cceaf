import assert from 'node:assert/strict'
import { test } from 'node:test'
import { begin, changes } from './changes.ts'
import type { Held } from './held.ts'

const HELD: Held = {
  givenName: 'Anna', familyName: 'Ozola', birthdate: '1961-03-02', personalCode: null, phoneNumber: '+37120000101', email: 'anna@example.com', emailVerifiedAt: null,
  pendingEmail: null, revision: 3, updatedAt: '2026-11-26T10:00:00Z', address: { streetAddress: 'Ezera iela 1', locality: 'Rīga', region: null, postalCode: 'LV-1034', country: 'LV' },
}
const CODED: Held = { ...HELD, birthdate: null, personalCode: { country: 'LV', masked: '••••••-•••97' } }

test('what was not changed is not sent, however it is spaced', () => {
  assert.deepEqual(changes(begin(HELD), HELD), {})
  assert.deepEqual(changes({ ...begin(HELD), givenName: ' Anna ' }, HELD), {})
  assert.deepEqual(changes(begin(CODED), CODED), {})
})

test('one changed line of an address sends the whole address', () => {
  const typed = { ...begin(HELD), 'address.locality': 'Liepāja', 'address.country': 'ee', phoneNumber: '+37120000102' }
  const address = { streetAddress: 'Ezera iela 1', locality: 'Liepāja', region: null, postalCode: 'LV-1034', country: 'EE' }
  assert.deepEqual(changes(typed, HELD), { address, phoneNumber: '+37120000102' })
})

test('a code in the place of a date, and a date in the place of a code', () => {
  const coded = { ...begin(HELD), 'identity.kind': 'code', 'identity.personalCode.code': '161175-19997' }
  assert.deepEqual(changes(coded, HELD), { identity: { personalCode: { country: 'LV', code: '161175-19997' } } })
  const dated = { ...begin(CODED), 'identity.kind': 'birthdate', 'identity.birthdate': '1975-11-16' }
  assert.deepEqual(changes(dated, CODED), { identity: { birthdate: '1975-11-16' } })
  assert.deepEqual(changes({ ...begin(HELD), 'identity.kind': 'code' }, HELD), {}, 'no code was typed: what is held stays')
})
