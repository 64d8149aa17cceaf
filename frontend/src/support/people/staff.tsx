import { Trans, useLingui } from '@lingui/react/macro'
import { graphql } from '../../gql/support'
import type { Role } from '../../gql/support/graphql.ts'
import { useAct, useAsk } from '../../shared/api/queries.tsx'
import { useFormat } from '../../shared/format.ts'
import { CancelButton, DialogButton } from '../../shared/ui/dialog.tsx'
import { ActForm, Button, Field, Tick, Ticks } from '../../shared/ui/form.tsx'
import { Card, Page, Tag } from '../../shared/ui/parts.tsx'
import { Table } from '../../shared/ui/table.tsx'
import { TroubleNote } from '../../shared/ui/trouble.tsx'
import { useMe } from '../me.ts'
import { options, useNames } from '../names.ts'

const StaffList = graphql(`
  query StaffList {
    staff { id name email roles lastSignInAt active invitedAt lockedAt factors }
  }
`)
const InviteStaff = graphql(`
  mutation InviteStaff($email: String!, $name: String!, $roles: [Role!]!) {
    inviteStaff(email: $email, name: $name, roles: $roles) { ... on StaffUpdated { __typename staff { id } } ...Refused }
  }
`)
const SetStaffRoles = graphql(`
  mutation SetStaffRoles($id: ID!, $roles: [Role!]!) {
    setStaffRoles(id: $id, roles: $roles) { ... on StaffUpdated { __typename staff { id } } ...Refused }
  }
`)
const DeactivateStaff = graphql(`
  mutation DeactivateStaff($id: ID!) {
    deactivateStaff(id: $id) { ... on StaffUpdated { __typename staff { id } } ...Refused }
  }
`)

interface Member {
  id: string
  name: string
  email: string
  roles: readonly Role[]
  active: boolean
}

/** Who works here, by an administrator who sees no customer's data. */
export function Staff() {
  const { t } = useLingui()
  const names = useNames()
  const format = useFormat()
  const me = useMe()
  const { staff } = useAsk(StaffList, {})
  return (
    <Page title={t`Staff`} lead={<Trans>Who works here and what each may do. An administrator sees no customer’s data.</Trans>} actions={<Invite />}>
      <Card>
        <Table caption={t`Staff`} rows={staff} columns={[
          { title: t({ message: 'Name', context: 'of a person' }), head: true, cell: (row) => <>{row.name}<br /><span className="quiet-text small-text">{row.email}</span></> },
          { title: t`Roles`, cell: (row) => row.roles.map((role) => names.role[role]).join(', ') },
          { title: t`State`, cell: (row) => (row.lockedAt ? <Tag tone="bad"><Trans>Locked: read too much</Trans></Tag> : !row.active ? <Tag><Trans>Left</Trans></Tag> : row.factors.length === 0 ? <Tag tone="warn"><Trans>Invited</Trans></Tag> : <Tag tone="good"><Trans>On duty</Trans></Tag>) },
          { title: t`Last signed in`, cell: (row) => (row.lastSignInAt ? format.dateTime(row.lastSignInAt) : t`Never`) },
          { title: t`Do`, bare: true, end: true, cell: (row) => row.active && row.id !== me.id && <Do member={row} /> },
        ]} />
      </Card>
    </Page>
  )
}

function Invite() {
  const { t } = useLingui()
  return (
    <DialogButton tone="main" label={<Trans>Invite somebody</Trans>} title={<Trans>Invite somebody</Trans>}>
      {(close) => (
        <>
          <p><Trans>A letter with a link goes to them: they choose a password and enrol a second factor. Inviting a known address again sets both anew and lifts a lock.</Trans></p>
          <ActForm document={InviteStaff} done={close} submit={<Trans>Send the invitation</Trans>} beside={<CancelButton close={close} />} variables={(fields) => ({ email: fields.text('email'), name: fields.text('name'), roles: fields.all('roles') as Role[] })}>
            <Field name="name" label={t({ message: 'Name', context: 'of a person' })} autoComplete="off" isRequired />
            <Field name="email" type="email" label={t`Address at work`} autoComplete="off" isRequired />
            <Roles chosen={['SUPPORT']} />
          </ActForm>
        </>
      )}
    </DialogButton>
  )
}

function Roles({ chosen }: { chosen: readonly Role[] }) {
  const names = useNames()
  return (
    <Ticks name="roles" legend={<Trans>Roles</Trans>}>
      {options(names.role).map(([role, text]) => <Tick key={role} name="roles" value={role} defaultSelected={chosen.includes(role)}>{text}</Tick>)}
    </Ticks>
  )
}

function Do({ member }: { member: Member }) {
  const { t } = useLingui()
  const leave = useAct(DeactivateStaff)
  const { name } = member
  return (
    <span className="row end">
      <DialogButton small label={<Trans>Roles</Trans>} name={t`Roles of ${name}`} title={<Trans>Roles of {name}</Trans>}>
        {(close) => (
          <>
            <p><Trans>It takes effect at once: their sessions end.</Trans></p>
            <ActForm document={SetStaffRoles} done={close} submit={<Trans>Save</Trans>} beside={<CancelButton close={close} />} variables={(fields) => ({ id: member.id, roles: fields.all('roles') as Role[] })}>
              <Roles chosen={member.roles} />
            </ActForm>
          </>
        )}
      </DialogButton>
      <DialogButton small label={<Trans>Leaves</Trans>} name={t`${name} leaves`} title={<Trans>{name} leaves</Trans>}>
        {(close) => (
          <>
            <p><Trans>They are signed out at once and cannot sign in again.</Trans></p>
            {leave.trouble && <TroubleNote trouble={leave.trouble} />}
            <div className="actions">
              <Button tone="danger" busy={leave.busy} onPress={async () => { if (await leave.act({ id: member.id })) close() }}><Trans>End their access</Trans></Button>
              <CancelButton close={close} />
            </div>
          </>
        )}
      </DialogButton>
    </span>
  )
}
