import { Trans, useLingui } from '@lingui/react/macro'
import { useMemo, useState } from 'react'
import { countries } from '../shared/countries.ts'
import { useFormat } from '../shared/format.ts'
import { Choice, Field, type Fields, Radios } from '../shared/ui/form.tsx'

interface Address {
  streetAddress: string
  locality: string
  region: string | null
  postalCode: string | null
  country: string
}

export function AddressFields({ now }: { now?: Address }) {
  const { t, i18n } = useLingui()
  const { tag } = useFormat()
  const all = useMemo(() => countries(tag), [tag])
  return (
    <fieldset>
      <legend><Trans>Address</Trans></legend>
      <Field name="address.streetAddress" label={t`Street and number`} autoComplete="street-address" isRequired {...(now ? { defaultValue: now.streetAddress } : {})} />
      <div className="fields">
        <Field name="address.locality" label={t`Town`} autoComplete="address-level2" isRequired {...(now ? { defaultValue: now.locality } : {})} />
        <Field name="address.postalCode" label={t`Postcode`} autoComplete="postal-code" {...(now ? { defaultValue: now.postalCode ?? '' } : {})} />
      </div>
      <div className="fields">
        <Field name="address.region" label={t`County or region`} autoComplete="address-level1" {...(now ? { defaultValue: now.region ?? '' } : {})} />
        <Choice name="address.country" label={t`Country`} autoComplete="country" options={all} defaultValue={now?.country ?? (i18n.locale === 'lv' ? 'LV' : 'GB')} />
      </div>
    </fieldset>
  )
}

export const addressOf = (fields: Fields) => ({
  streetAddress: fields.text('address.streetAddress'),
  locality: fields.text('address.locality'),
  postalCode: fields.maybe('address.postalCode'),
  region: fields.maybe('address.region'),
  country: fields.text('address.country'),
})

/** Exactly one of the two is held (clause 1.1.3). */
export function IdentityFields({ now }: { now?: { birthdate: string | null; personalCode: { masked: string } | null } }) {
  const { t } = useLingui()
  const [kind, choose] = useState(now?.personalCode ? 'code' : 'birthdate')
  return (
    <fieldset>
      <Radios
        row label={t`To tell people of the same name apart, we hold one of these`} name="identity.kind" value={kind} onChange={choose}
        options={[['birthdate', t`Date of birth`], ['code', t`Latvian personal code`]]}
      />
      {kind === 'birthdate' ? (
        <Field name="identity.birthdate" type="date" label={t`Born on`} autoComplete="bday" isRequired {...(now?.birthdate ? { defaultValue: now.birthdate } : {})} />
      ) : (
        <Field
          name="identity.personalCode.code" label={t`Personal code`} autoComplete="off" isRequired={!now?.personalCode}
          hint={now?.personalCode ? t`Held now: ${now.personalCode.masked}. Leave this empty to keep it.` : t`As 161175-19997. It is shown masked, even to you.`}
        />
      )}
    </fieldset>
  )
}

/** Undefined where nothing was typed: what is held stays. */
export function identityOf(fields: Fields) {
  if (fields.text('identity.kind') === 'birthdate') return { birthdate: fields.text('identity.birthdate') }
  const code = fields.text('identity.personalCode.code')
  return code ? { personalCode: { country: 'LV', code } } : undefined
}
