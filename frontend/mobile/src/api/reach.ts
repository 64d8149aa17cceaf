import { i18n } from '../i18n.ts'
import type { Document } from './document.ts'
import { KnownDevice } from './known-device.ts'
import { ConnectionLost, Fault } from './problems.ts'
import { SERVER } from './server.ts'
import { deviceStore } from './store'

export const device = new KnownDevice(deviceStore)

interface Answer<Data> {
  data?: Data | null
  errors?: { message: string; extensions?: { code?: string; requestId?: string } }[]
}

/** What every request says of us. Never a cookie. */
export const sent = (token: string | undefined) => ({
  'Accept-Language': i18n.locale,
  'X-Octopus-Client': 'octopus-app/1',
  ...(token ? { Authorization: `Bearer ${token}` } : {}),
})

/** Ask for a document with this token, or with none. Throws ConnectionLost, Fault. */
export async function reach<Data, Variables>({ id, name }: Document<Data, Variables>, variables: Variables, token: string | undefined, signal?: AbortSignal): Promise<Data> {
  const known = token ? null : await device.read() // whoever has a token is signed in already
  const headers = {
    ...sent(token), ...(known ? { 'X-Octopus-Device': known } : {}),
    Accept: 'application/graphql-response+json, application/json', 'Content-Type': 'application/json',
  }
  const body = JSON.stringify({ documentId: id, operationName: name, variables })
  let answer: Answer<Data>
  try {
    const response = await fetch(`${SERVER}/graphql`, { method: 'POST', credentials: 'omit', headers, body, ...(signal ? { signal } : {}) })
    answer = (await response.json()) as Answer<Data>
  } catch (problem) {
    throw new ConnectionLost('No answer', { cause: problem })
  }
  const error = answer.errors?.[0]
  if (error) throw new Fault(error.extensions?.code ?? 'UNKNOWN', error.message, error.extensions?.requestId)
  if (!answer.data) throw new Fault('EMPTY', 'The answer was empty.')
  return answer.data
}
