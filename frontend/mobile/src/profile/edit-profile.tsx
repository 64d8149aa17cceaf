import { useLingui } from '@lingui/react/macro'
import { useContext, useState } from 'react'
import { ask } from '../api/ask.ts'
import { useAct } from '../api/queries.ts'
import { AppEditProfile, AppProfile } from '../gql/documents.ts'
import { useFormat } from '../format.ts'
import { Button } from '../ui/button.tsx'
import { Field, Radios } from '../ui/fields.tsx'
import { Form, FormContext, useField } from '../ui/form.tsx'
import { Card } from '../ui/parts.tsx'
import { begin, type Changes, changes } from './changes.ts'
import { Conflict } from './conflict.tsx'
import type { Held } from './held.ts'

/** The profile to edit; when it was changed elsewhere meanwhile, both are shown and may be kept. */
export function EditProfile({ profile, done }: { profile: Held; done: (changed: boolean) => void }) {
  const { t } = useLingui()
  const { act, busy, trouble, clear } = useAct(AppEditProfile)
  // the form stays with what it began with, whatever is asked anew behind it
  const [began] = useState(profile)
  const [revision, setRevision] = useState(profile.revision)
  const [theirs, setTheirs] = useState<Held>()
  const stale = trouble?.kind === 'refused' && trouble.refusal.code === 'STALE_REVISION'

  const save = async (input: Changes) => {
    if (Object.keys(input).length === 0) return done(false)
    if (await act({ input: { ...input, revision } })) return done(true)
    const now = await ask(AppProfile, {}).catch(() => undefined)
    if (now?.viewer && now.viewer.profile.revision !== revision) setTheirs(now.viewer.profile)
  }
  const keepBoth = (held: Held) => {
    setRevision(held.revision)
    setTheirs(undefined)
    clear()
  }
  return (
    <Card>
      <Form
        begin={begin(began)} send={(typed) => save(changes(typed, began))} submit={t`Save`} busy={busy} trouble={trouble}
        told={stale && theirs && <Conflict began={began} theirs={theirs} keepBoth={() => keepBoth(theirs)} keepTheirs={() => done(false)} />}
        beside={<Button tone="plain" label={t`Cancel`} onPress={() => done(false)} />}
      >
        <Field name="givenName" label={t`Given name`} autoComplete="given-name" />
        <Field name="familyName" label={t`Family name`} autoComplete="family-name" />
        <Identity held={began} />
        <Field name="address.streetAddress" label={t`Street and number`} autoComplete="street-address" />
        <Field name="address.locality" label={t`Town`} autoComplete="address-line2" />
        <Field name="address.postalCode" label={t`Postcode`} autoComplete="postal-code" />
        <Field name="address.region" label={t`County or region`} />
        <Country held={began} />
        <Field name="phoneNumber" label={t`Phone number`} inputMode="tel" autoComplete="tel" />
      </Form>
    </Card>
  )
}

/** Exactly one of the two is held (clause 1.1.3). */
function Identity({ held }: { held: Held }) {
  const { t } = useLingui()
  const { values } = useContext(FormContext)
  const { value, change } = useField('identity.kind')
  const masked = held.personalCode?.masked
  return (
    <>
      <Radios label={t`To tell people of the same name apart, we hold one of these`} value={value} change={change} options={[['birthdate', t`Date of birth`], ['code', t`Latvian personal code`]]} />
      {values['identity.kind'] === 'birthdate' ? (
        <Field name="identity.birthdate" label={t`Born on`} hint={t`As 1961-03-02: year, month, day.`} inputMode="numeric" keyboardType="numbers-and-punctuation" />
      ) : (
        <Field name="identity.personalCode.code" label={t`Personal code`} hint={masked ? t`Held now: ${masked}. Leave this empty to keep it.` : t`As 161175-19997. It is shown masked, even to you.`} keyboardType="numbers-and-punctuation" autoComplete="off" />
      )}
    </>
  )
}

/** Ours, and the one that is held; another by its two letters. */
function Country({ held }: { held: Held }) {
  const { t } = useLingui()
  const format = useFormat()
  const { value, change } = useField('address.country')
  const [other, setOther] = useState(false)
  const known = [...new Set(['GB', 'LV', held.address.country])]
  return (
    <>
      <Radios
        label={t`Country`} value={other ? '' : value} change={(chosen) => { setOther(chosen === ''); if (chosen) change(chosen) }}
        options={[...known.map((code): [string, string] => [code, format.country(code)]), ['', t`Another`]]}
      />
      {other && <Field name="address.country" label={t`Code of the country`} hint={t`Two letters, as EE for Estonia.`} autoCapitalize="characters" maxLength={2} />}
    </>
  )
}
