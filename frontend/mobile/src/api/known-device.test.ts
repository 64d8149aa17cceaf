import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KnownDevice } from './known-device.ts'

test('a device stays known when the app is opened again, and takes the newest token', async () => {
  let stored: string | null = null
  const store = { read: () => Promise.resolve(stored), write: (text: string | null) => { stored = text; return Promise.resolve() } }
  const first = new KnownDevice(store)
  assert.equal(await first.read(), null)
  await first.keep('d1')
  assert.equal(await first.read(), 'd1')
  await first.keep(null)
  const later = new KnownDevice(store)
  assert.equal(await later.read(), 'd1')
  await later.keep('d2')
  assert.equal(stored, 'd2')
})

test('without a store the device is known while the app is open', async () => {
  const device = new KnownDevice({ read: () => Promise.reject(new Error('locked')), write: () => Promise.reject(new Error('locked')) })
  assert.equal(await device.read(), null)
  await device.keep('d1')
  assert.equal(await device.read(), 'd1')
})
