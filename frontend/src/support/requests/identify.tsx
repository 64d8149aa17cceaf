import { Trans, useLingui } from '@lingui/react/macro'
import { graphql } from '../../gql/support'
import type { IdentityDocument } from '../../gql/support/graphql.ts'
import { useAsk } from '../../shared/api/queries.tsx'
import { ActForm, Choice, Field } from '../../shared/ui/form.tsx'
import { Card } from '../../shared/ui/parts.tsx'
import { options, useNames } from '../names.ts'

const IdentifyOwner = graphql(`
  mutation Identify($requestId: ID!, $check: IdentityCheckInput!) {
    identify(requestId: $requestId, check: $check) { ... on RequestUpdated { __typename request { id } } ...Refused }
  }
`)
const Offices = graphql(`
  query Offices {
    company { offices { id name } authorities { name country } }
  }
`)

export const useCompany = () => useAsk(Offices, {}).company

/** The owner shows a document. Its kind and last four signs are noted, never a scan or the whole number. */
export function Identify({ request }: { request: { id: string } }) {
  return (
    <Card id="identify" title={<Trans>1. Who is asking?</Trans>}>
      <p><Trans>Look at a document with a photograph, and compare it with the record. Note its kind and the last four signs of its number. Keep no copy.</Trans></p>
      <ActForm
        document={IdentifyOwner} submit={<Trans>It is the owner</Trans>}
        variables={(fields) => ({ requestId: request.id, check: { document: fields.text('check.document') as IdentityDocument, lastFour: fields.text('check.lastFour'), officeId: fields.text('check.officeId') } })}
      >
        <CheckFields />
      </ActForm>
    </Card>
  )
}

export function CheckFields() {
  const { t } = useLingui()
  const names = useNames()
  const { offices } = useCompany()
  return (
    <div className="fields">
      <Choice name="check.document" label={t`Document`} options={options(names.document)} />
      <Field name="check.lastFour" label={t`Last four signs`} maxLength={4} autoComplete="off" isRequired />
      <Choice name="check.officeId" label={t`Office`} options={offices.map((one) => [one.id, one.name])} />
    </div>
  )
}
