import type { EditProfileInput } from '../gql/types.ts'
import type { Held } from './held.ts'

type Values = Record<string, string>
export type Changes = Omit<EditProfileInput, 'revision'>

/** What the form begins with, by the input's paths. */
export const begin = (held: Held) => ({
  givenName: held.givenName,
  familyName: held.familyName,
  'identity.kind': held.personalCode ? 'code' : 'birthdate',
  'identity.birthdate': held.birthdate ?? '',
  'identity.personalCode.code': '',
  'address.streetAddress': held.address.streetAddress,
  'address.locality': held.address.locality,
  'address.postalCode': held.address.postalCode ?? '',
  'address.region': held.address.region ?? '',
  'address.country': held.address.country,
  phoneNumber: held.phoneNumber,
})

/** What was typed and differs from what the form began with: nothing else is sent. */
export function changes(typed: Values, held: Held): Changes {
  const began: Values = begin(held)
  const text = (name: string) => (typed[name] ?? '').trim()
  const differs = (name: string) => text(name) !== began[name]
  const found: Changes = {}
  for (const name of ['givenName', 'familyName', 'phoneNumber'] as const) if (differs(name)) found[name] = text(name)
  if (Object.keys(began).some((name) => name.startsWith('address.') && differs(name))) {
    found.address = {
      streetAddress: text('address.streetAddress'), locality: text('address.locality'), country: text('address.country').toUpperCase(),
      postalCode: text('address.postalCode') || null, region: text('address.region') || null,
    }
  }
  const code = text('identity.personalCode.code')
  if (text('identity.kind') === 'code') {
    if (code) found.identity = { personalCode: { country: 'LV', code } }
  } else if (differs('identity.birthdate') || held.personalCode) found.identity = { birthdate: text('identity.birthdate') }
  return found
}
