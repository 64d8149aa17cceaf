import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { graphql } from '../../gql/support'
import { useAskLater } from '../../shared/api/queries.tsx'
import { useFieldNames } from '../../shared/fields.ts'
import { useFormat } from '../../shared/format.ts'
import { ActForm, Field, type Fields, Tick } from '../../shared/ui/form.tsx'
import { Card, Note } from '../../shared/ui/parts.tsx'
import { OpenRecord } from '../find/open-record.tsx'
import { FulfilRequest } from './fulfil.tsx'
import type { Asked } from './request.tsx'

const OldValues = graphql(`
  query OldValues($id: ID!) {
    customer(id: $id) {
      id
      profile { revision }
      changes { id field oldValue { masked } changedAt by restorableUntil restoredAt }
    }
  }
`)

function address(fields: Fields) {
  const line = (name: string) => fields.maybe(`changes.address.${name}`)
  const street = line('streetAddress'), locality = line('locality'), country = line('country')
  if (!street && !locality && !country && !line('postalCode')) return null
  return { streetAddress: street ?? '', locality: locality ?? '', region: line('region'), postalCode: line('postalCode'), country: (country ?? '').toUpperCase() }
}

/** New values, old ones brought back, and access reset, together in one step (clauses 4.1.4 and 5). */
export function EditAndRestore({ request, open }: { request: Asked; open: boolean }) {
  const { t } = useLingui()
  const format = useFormat()
  const field = useFieldNames()
  const [reset, setReset] = useState(request.kind === 'RESTORE')
  const { data } = useAskLater(OldValues, { id: request.customer.id }, open)
  const record = data?.customer
  if (!open) {
    return (
      <Card id="fulfil" title={<Trans>2. Open the record</Trans>}>
        <p><Trans>What is corrected or brought back is chosen from the record.</Trans></p>
        <div className="actions"><OpenRecord customer={request.customer} reason="OFFICE_VISIT" /></div>
      </Card>
    )
  }
  const old = record?.changes.filter((one) => !one.restoredAt) ?? []
  return (
    <Card id="fulfil" title={request.kind === 'RESTORE' ? <Trans>2. Restore the profile</Trans> : <Trans>2. Correct the profile</Trans>}>
      {request.kind === 'RESTORE' && request.customer.state === 'CLOSED' && <Note tone="warn"><p><Trans>The account is closed. It opens again with this.</Trans></p></Note>}
      <ActForm
        document={FulfilRequest} submit={<Trans>Do it</Trans>}
        variables={(fields) => ({
          requestId: request.id,
          input: {
            revision: record?.profile.revision ?? null,
            changes: {
              givenName: fields.maybe('changes.givenName'), familyName: fields.maybe('changes.familyName'), phoneNumber: fields.maybe('changes.phoneNumber'),
              email: fields.maybe('changes.email'), address: address(fields), identity: fields.maybe('changes.birthdate') ? { birthdate: fields.text('changes.birthdate') } : null,
            },
            restoreValues: fields.all('restore'), resetAccess: fields.on('resetAccess'), explanation: fields.maybe('explanation'),
          },
        })}
      >
        {old.length > 0 && (
          <fieldset>
            <legend><Trans>Bring back old values</Trans></legend>
            {old.map((one) => (
              <Tick key={one.id} name="restore" value={one.id} hint={<Trans>Changed {format.dateTime(one.changedAt)}; can be restored until {format.date(one.restorableUntil)}</Trans>}>{field(one.field)}: {one.oldValue.masked}</Tick>
            ))}
          </fieldset>
        )}
        <fieldset>
          <legend><Trans>New values</Trans></legend>
          <p className="hint"><Trans>What is left empty stays as it is.</Trans></p>
          <div className="fields">
            <Field name="changes.givenName" label={t`Given name`} autoComplete="off" />
            <Field name="changes.familyName" label={t`Family name`} autoComplete="off" />
            <Field name="changes.phoneNumber" label={t`Phone number`} autoComplete="off" />
            <Field name="changes.email" type="email" label={t`E-mail address`} autoComplete="off" />
            <Field name="changes.birthdate" type="date" label={t`Birthdate`} />
          </div>
          <div className="fields">
            <Field name="changes.address.streetAddress" label={t`Street and number`} autoComplete="off" />
            <Field name="changes.address.locality" label={t`Town`} autoComplete="off" />
            <Field name="changes.address.region" label={t`Region`} autoComplete="off" />
            <Field name="changes.address.postalCode" label={t`Postcode`} autoComplete="off" />
            <Field name="changes.address.country" label={t`Country, two letters`} maxLength={2} autoComplete="off" />
          </div>
        </fieldset>
        <Tick name="resetAccess" isSelected={reset} onChange={setReset} hint={<Trans>Factors are removed, every session ends, and a link for a new password goes to the address of the profile as it is then.</Trans>}><Trans>Reset access too</Trans></Tick>
        <Field name="explanation" label={t`A word to the customer`} lines={3} />
      </ActForm>
    </Card>
  )
}
