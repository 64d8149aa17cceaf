import assert from 'node:assert/strict'
import { test } from 'node:test'
import { again } from './again.ts'
import { Keeper, type Pair } from './keeper.ts'
import { ConnectionLost } from './problems.ts'

const MINUTE = 60_000
const START = Date.parse('2026-11-26T10:00:00Z')

/** A device with a clock, a store that survives it, and a server that gives each refresh token's successor once. */
class World {
  clock = START
  serverClock = START
  stored: string | null = null
  asked: string[] = []
  /** What happens to the next answers: they are lost after the server did its part, or the family has ended. */
  next: ('lost' | 'ended')[] = []
  waiting: (() => void)[] = []
  slow = false
  number = 0

  pair(): Pair {
    this.number += 1
    return {
      accessToken: `a${this.number}`, refreshToken: `r${this.number}`,
      accessExpiresAt: new Date(this.serverClock + 10 * MINUTE).toISOString(), refreshExpiresAt: new Date(this.serverClock + 60 * 24 * 60 * MINUTE).toISOString(),
    }
  }

  later(milliseconds: number) {
    this.clock += milliseconds
    this.serverClock += milliseconds
  }

  keeper() {
    const store = { read: () => Promise.resolve(this.stored), write: (text: string | null) => { this.stored = text; return Promise.resolve() } }
    const renew = async (token: string) => {
      this.asked.push(token)
      if (this.slow) await new Promise<void>((resolve) => { this.waiting.push(resolve) })
      const outcome = this.next.shift()
      if (outcome === 'lost') throw new ConnectionLost()
      return outcome === 'ended' ? undefined : this.pair()
    }
    return new Keeper(store, renew, () => this.clock)
  }
}

test('a token is used while it is good and renewed when it has ended, and what is stored is the newest pair', async () => {
  const world = new World()
  const keeper = world.keeper()
  assert.equal(await keeper.access(), undefined)
  await keeper.keep(world.pair())
  world.later(9 * MINUTE)
  assert.equal(await keeper.access(), 'a1')
  world.later(MINUTE)
  assert.equal(await keeper.access(), 'a2')
  assert.deepEqual(world.asked, ['r1'])
  assert.match(world.stored ?? '', /"r2"/)
  assert.equal(await world.keeper().access(), 'a2', 'the app was closed and opened')
})

test('whoever asks while it is renewed waits for the one renewal', async () => {
  const world = new World()
  const keeper = world.keeper()
  await keeper.keep(world.pair())
  world.later(11 * MINUTE)
  world.slow = true
  const all = [keeper.access(), keeper.access(), keeper.after('a1'), keeper.access()]
  await new Promise((resolve) => { setTimeout(resolve) })
  for (const answer of world.waiting) answer()
  assert.deepEqual(await Promise.all(all), ['a2', 'a2', 'a2', 'a2'])
  assert.deepEqual(world.asked, ['r1'])
})

test('a token that the server does not know is renewed before its time; who asked with an older one gets the newer', async () => {
  const world = new World()
  const keeper = world.keeper()
  await keeper.keep(world.pair())
  assert.equal(await keeper.after('a1'), 'a2')
  assert.equal(await keeper.after('a1'), 'a2')
  assert.deepEqual(world.asked, ['r1'])
})

test('the refresh token whose answer was lost is kept and asked again', async () => {
  const world = new World()
  const keeper = world.keeper()
  await keeper.keep(world.pair())
  world.next = ['lost']
  await assert.rejects(keeper.after('a1'), ConnectionLost)
  assert.match(world.stored ?? '', /"r1"/)
  assert.equal(await keeper.after('a1'), 'a2')
  assert.deepEqual(world.asked, ['r1', 'r1'])
})

test('an ended family is told once, and nothing of it is kept', async () => {
  const world = new World()
  const keeper = world.keeper()
  let told = 0
  keeper.onEnd(() => { told += 1 })
  await keeper.keep(world.pair())
  world.next = ['ended']
  assert.deepEqual(await Promise.all([keeper.after('a1'), keeper.after('a1')]), [undefined, undefined])
  assert.equal(await keeper.access(), undefined)
  assert.equal(told, 1)
  assert.equal(world.stored, null)
})

test('a clock by which a new token has ended already is not asked', async () => {
  const world = new World()
  world.clock += 60 * MINUTE
  const keeper = world.keeper()
  await keeper.keep(world.pair())
  assert.equal(await keeper.access(), 'a1')
  assert.equal(await keeper.access(), 'a1')
  assert.deepEqual(world.asked, [])
})

test('a clock that is behind costs one refusal', async () => {
  const world = new World()
  world.clock -= 60 * MINUTE
  const keeper = world.keeper()
  await keeper.keep(world.pair())
  world.later(30 * MINUTE)
  assert.equal(await keeper.access(), 'a1')
  assert.equal(await keeper.after('a1'), 'a2')
})

test('what a renewal brings after signing out is not kept', async () => {
  const world = new World()
  const keeper = world.keeper()
  await keeper.keep(world.pair())
  world.slow = true
  const late = keeper.after('a1')
  await new Promise((resolve) => { setTimeout(resolve) })
  await keeper.forget()
  for (const answer of world.waiting) answer()
  assert.equal(await late, undefined)
  assert.equal(world.stored, null)
  assert.equal(await keeper.access(), undefined)
})

test('a store that holds nothing readable, or cannot be written, leaves one signed out, or in while the app is open', async () => {
  const world = new World()
  world.stored = 'not a pair'
  assert.equal(await world.keeper().open(), false)
  const broken = { read: () => Promise.reject(new Error('locked')), write: () => Promise.reject(new Error('full')) }
  const keeper = new Keeper(broken, () => Promise.resolve(undefined), () => world.clock)
  assert.equal(await keeper.open(), false)
  await keeper.keep(world.pair())
  assert.equal(await keeper.access(), 'a1')
})

test('the same is asked again while a lost answer is given again, and no longer; a refusal at once', async () => {
  const patience = { each: 30, pause: 1, until: 60 }
  let tries = 0
  assert.equal(await again(() => Promise.resolve((tries += 1)), patience), 1)
  const lostTwice = () => ((tries += 1) < 4 ? Promise.reject(new ConnectionLost()) : Promise.resolve('found'))
  assert.equal(await again(lostTwice, patience), 'found')
  let clock = 0
  tries = 0
  const never = () => { clock += 25; tries += 1; return Promise.reject(new ConnectionLost()) }
  await assert.rejects(again(never, patience, () => clock), ConnectionLost)
  assert.equal(tries, 3)
  await assert.rejects(again(() => { tries += 1; return Promise.reject(new Error('a fault')) }, patience), /a fault/)
  assert.equal(tries, 4)
})

test('a try that hangs is given up, and the last one waited for', async () => {
  const hung: AbortSignal[] = []
  const hangs = (signal: AbortSignal) => {
    hung.push(signal)
    return hung.length > 1 ? Promise.resolve('found') : new Promise<string>((_, reject) => { signal.addEventListener('abort', () => reject(new ConnectionLost())) })
  }
  assert.equal(await again(hangs, { each: 5, pause: 1, until: 5000 }), 'found')
  assert.equal(hung[0]?.aborted, true)
})
