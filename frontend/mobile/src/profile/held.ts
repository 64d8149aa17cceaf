import { useLingui } from '@lingui/react/macro'
import { useFormat } from '../format.ts'
import type { AppProfileQuery } from '../gql/types.ts'

export type Held = NonNullable<AppProfileQuery['viewer']>['profile']

/** Each part of a profile: its name, and how its value is written; nothing where there is none. */
export function useHeld(): [name: string, of: (held: Held) => string][] {
  const { t } = useLingui()
  const format = useFormat()
  return [
    [t`Given name`, (held) => held.givenName],
    [t`Family name`, (held) => held.familyName],
    [t`Date of birth`, (held) => (held.birthdate ? format.date(held.birthdate) : '')],
    [t`Personal code`, (held) => held.personalCode?.masked ?? ''],
    [t`Address`, ({ address: { streetAddress, locality, region, postalCode, country } }) => [streetAddress, locality, region, postalCode, format.country(country)].filter(Boolean).join(', ')],
    [t`Phone number`, (held) => held.phoneNumber],
    [t`E-mail address`, (held) => held.email],
  ]
}
