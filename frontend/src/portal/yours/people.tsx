import { Trans, useLingui } from '@lingui/react/macro'
import { graphql } from '../../gql/customer'
import type { People_RelatedPersonFragment, RelatedPersonRole } from '../../gql/customer/graphql.ts'
import { asking, useAct, useAsk } from '../../shared/api/queries.tsx'
import { DOT } from '../../shared/dot.ts'
import { useFormat } from '../../shared/format.ts'
import { CancelButton, DialogButton } from '../../shared/ui/dialog.tsx'
import { ActForm, Button, Choice, Field, type Fields } from '../../shared/ui/form.tsx'
import { Card, Empty, Page, Tag } from '../../shared/ui/parts.tsx'
import { TroubleNote } from '../../shared/ui/trouble.tsx'

export const PersonParts = graphql(`
  fragment People_relatedPerson on RelatedPerson { id givenName familyName role email phoneNumber addedAt }
`)
const PeoplePage = graphql(`
  query PeoplePage { viewer { id relatedPersons { ...People_relatedPerson } } }
`)
const AddRelatedPerson = graphql(`
  mutation AddRelatedPerson($input: AddRelatedPersonInput!) {
    addRelatedPerson(input: $input) { ... on RelatedPersonAdded { __typename relatedPerson { id } } ...Refused }
  }
`)
const EditRelatedPerson = graphql(`
  mutation EditRelatedPerson($id: ID!, $input: AddRelatedPersonInput!) {
    editRelatedPerson(id: $id, input: $input) { ... on RelatedPersonEdited { __typename relatedPerson { id } } ...Refused }
  }
`)
const RemoveRelatedPerson = graphql(`
  mutation RemoveRelatedPerson($id: ID!) {
    removeRelatedPerson(by: { id: $id }) { ... on RelatedPersonRemoved { __typename removedId } ...Refused }
  }
`)

function useRoles(): Record<RelatedPersonRole, string> {
  const { t } = useLingui()
  return { REGISTRANT: t`registrant of a domain`, ADMINISTRATIVE: t`administrative contact`, TECHNICAL: t`technical contact`, BILLING: t`billing contact` }
}

const input = (fields: Fields) => ({
  givenName: fields.text('givenName'),
  familyName: fields.text('familyName'),
  role: fields.text('role') as RelatedPersonRole,
  email: fields.maybe('email'),
  phoneNumber: fields.maybe('phoneNumber'),
})

export function People() {
  const { t } = useLingui()
  const format = useFormat()
  const roles = useRoles()
  const { viewer } = useAsk(PeoplePage, {})
  if (!viewer) return null
  return (
    <Page
      title={t`Related persons`}
      lead={<Trans>People you named to us, such as a domain's administrator. We tell each of them, and each may remove themselves.</Trans>}
      actions={
        <DialogButton tone="main" label={<Trans>Add</Trans>} name={t`Add a person`} title={<Trans>Add a person</Trans>}>
          {(close) => (
            <ActForm document={AddRelatedPerson} variables={(fields) => ({ input: input(fields) })} done={close} submit={<Trans>Add</Trans>} beside={<CancelButton close={close} />}>
              <PersonFields />
            </ActForm>
          )}
        </DialogButton>
      }
    >
      <Card>
        {viewer.relatedPersons.length === 0 ? <Empty title={<Trans>You named nobody.</Trans>}><p><Trans>A domain may need a registrant, an administrator or a technical contact.</Trans></p></Empty> : (
          <ul className="lines">
            {viewer.relatedPersons.map((one) => (
              <li key={one.id}>
                <div>
                  <p className="line-title">{one.givenName} {one.familyName} <Tag>{roles[one.role]}</Tag></p>
                  <p className="quiet-text small-text">{[one.email, one.phoneNumber, t`added ${format.date(one.addedAt)}`].filter(Boolean).join(DOT)}</p>
                </div>
                <div className="actions"><Edit person={one} /><Remove person={one} /></div>
              </li>
            ))}
          </ul>
        )}
      </Card>
    </Page>
  )
}
People.before = asking(PeoplePage, {})

function PersonFields({ now }: { now?: People_RelatedPersonFragment }) {
  const { t } = useLingui()
  const roles = useRoles()
  return (
    <>
      <div className="fields">
        <Field name="givenName" label={t`Given name`} isRequired defaultValue={now?.givenName ?? ''} autoComplete="off" />
        <Field name="familyName" label={t`Family name`} isRequired defaultValue={now?.familyName ?? ''} autoComplete="off" />
      </div>
      <Choice name="role" label={t`Role`} options={Object.entries(roles)} defaultValue={now?.role ?? 'ADMINISTRATIVE'} />
      <Field name="email" type="email" label={t`E-mail address`} hint={t`We write there, so that the person knows.`} defaultValue={now?.email ?? ''} autoComplete="off" />
      <Field name="phoneNumber" type="tel" label={t`Phone number`} defaultValue={now?.phoneNumber ?? ''} autoComplete="off" />
    </>
  )
}

function Edit({ person }: { person: People_RelatedPersonFragment }) {
  const { t } = useLingui()
  return (
    <DialogButton small tone="plain" label={<Trans>Edit</Trans>} name={t`Edit ${person.givenName} ${person.familyName}`} title={<Trans>Edit</Trans>}>
      {(close) => (
        <ActForm document={EditRelatedPerson} variables={(fields) => ({ id: person.id, input: input(fields) })} done={close} submit={<Trans>Save</Trans>} beside={<CancelButton close={close} />}>
          <PersonFields now={person} />
        </ActForm>
      )}
    </DialogButton>
  )
}

function Remove({ person }: { person: People_RelatedPersonFragment }) {
  const { t } = useLingui()
  const { act, busy, trouble } = useAct(RemoveRelatedPerson)
  return (
    <DialogButton small label={<Trans>Remove</Trans>} name={t`Remove ${person.givenName} ${person.familyName}`} title={<Trans>Remove {person.givenName} {person.familyName}?</Trans>}>
      {(close) => (
        <>
          <p><Trans>What we hold about this person is deleted.</Trans></p>
          {trouble && <TroubleNote trouble={trouble} />}
          <div className="actions">
            <Button tone="danger" busy={busy} onPress={async () => { if (await act({ id: person.id })) close() }}><Trans>Remove</Trans></Button>
            <CancelButton close={close} />
          </div>
        </>
      )}
    </DialogButton>
  )
}
