import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { graphql } from '../../gql/customer'
import type { EditProfileInput, Profile_ProfileFragment } from '../../gql/customer/graphql.ts'
import { ask } from '../../shared/api/ask.ts'
import { useAct } from '../../shared/api/queries.tsx'
import { Button, Field, type Fields, PlainForm } from '../../shared/ui/form.tsx'
import { AddressFields, addressOf, IdentityFields, identityOf } from '../person-fields.tsx'
import { Conflict } from './conflict.tsx'

const EditProfileNow = graphql(`
  mutation EditProfile($input: EditProfileInput!) {
    editProfile(input: $input) { ... on ProfileEdited { __typename profile { ...Profile_Profile } } ...Refused }
  }
`)
const ProfileNow = graphql(`
  query ProfileNow { viewer { id profile { ...Profile_Profile } } }
`)

export type Held = Profile_ProfileFragment

/** What was typed and differs from what the form began with: nothing else is sent. */
function changes(fields: Fields, began: Held): Omit<EditProfileInput, 'revision'> {
  const found: Omit<EditProfileInput, 'revision'> = {}
  for (const name of ['givenName', 'familyName', 'phoneNumber'] as const) {
    if (fields.text(name) !== began[name]) found[name] = fields.text(name)
  }
  const address = addressOf(fields)
  const { streetAddress, locality, region, postalCode, country } = began.address
  if (JSON.stringify(address) !== JSON.stringify({ streetAddress, locality, postalCode, region, country })) found.address = address
  const identity = identityOf(fields)
  if (identity && !('birthdate' in identity && identity.birthdate === began.birthdate)) found.identity = identity
  return found
}

/** The profile to edit; when it was changed elsewhere meanwhile, both are shown and may be kept. */
export function EditProfile({ profile, done }: { profile: Held; done: (changed: boolean) => void }) {
  const { t } = useLingui()
  const { act, busy, trouble, clear } = useAct(EditProfileNow)
  // the form stays with what it began with, whatever is asked anew behind it
  const [began] = useState(profile)
  const [revision, setRevision] = useState(profile.revision)
  const [theirs, setTheirs] = useState<Held>()
  const stale = trouble?.kind === 'refused' && trouble.refusal.code === 'STALE_REVISION'

  const save = async (input: Omit<EditProfileInput, 'revision'>, at: number) => {
    if (Object.keys(input).length === 0) return done(false)
    if (await act({ input: { ...input, revision: at } })) return done(true)
    const now = await ask(ProfileNow, {}).catch(() => undefined)
    if (now?.viewer && now.viewer.profile.revision !== at) setTheirs(now.viewer.profile)
  }

  return (
    <PlainForm
      busy={busy}
      trouble={stale ? undefined : trouble}
      onSubmit={(fields) => save(changes(fields, began), revision)}
      submit={<Trans>Save</Trans>}
      beside={<Button tone="plain" onPress={() => done(false)}><Trans>Cancel</Trans></Button>}
    >
      {stale && theirs && (
        <Conflict
          began={began} theirs={theirs}
          keepBoth={() => {
            setRevision(theirs.revision)
            setTheirs(undefined)
            clear()
          }}
          keepTheirs={() => done(false)}
        />
      )}
      <div className="fields">
        <Field name="givenName" label={t`Given name`} autoComplete="given-name" isRequired defaultValue={began.givenName} />
        <Field name="familyName" label={t`Family name`} autoComplete="family-name" isRequired defaultValue={began.familyName} />
      </div>
      <IdentityFields now={began} />
      <AddressFields now={began.address} />
      <Field name="phoneNumber" type="tel" label={t`Phone number`} autoComplete="tel" isRequired defaultValue={began.phoneNumber} />
    </PlainForm>
  )
}
