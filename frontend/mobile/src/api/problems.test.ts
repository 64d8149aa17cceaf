import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectionLost, Fault, troubleOf } from './problems.ts'

test('what went wrong is told apart: no answer, a version that is too old, a fault with its number', () => {
  assert.deepEqual(troubleOf(new ConnectionLost('No answer')), { kind: 'lost' })
  assert.deepEqual(troubleOf(new Fault('PERSISTED_QUERY_NOT_FOUND', 'There is no trusted document of this id.')), { kind: 'outdated' })
  assert.deepEqual(troubleOf(new Fault('INTERNAL', 'Something went wrong.', 'f-1')), { kind: 'fault', requestId: 'f-1' })
  assert.deepEqual(troubleOf(new TypeError('a slip of ours')), { kind: 'fault' })
})
