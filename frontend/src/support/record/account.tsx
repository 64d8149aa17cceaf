import { Trans, useLingui } from '@lingui/react/macro'
import { graphql } from '../../gql/support'
import type { ServiceKind } from '../../gql/support/graphql.ts'
import { useAsk } from '../../shared/api/queries.tsx'
import { useFormat } from '../../shared/format.ts'
import { CancelButton, DialogButton } from '../../shared/ui/dialog.tsx'
import { ActForm, Choice, Field } from '../../shared/ui/form.tsx'
import { Card, Empty, Tag } from '../../shared/ui/parts.tsx'
import { Table } from '../../shared/ui/table.tsx'
import { useMay } from '../me.ts'
import { options, useNames } from '../names.ts'
import { Value } from './reveal.tsx'

const RecordAccount = graphql(`
  query RecordAccount($id: ID!) {
    customer(id: $id) {
      id
      paymentMethods { id kind isDefault addedAt value { ...Masked_Value } }
      services { id kind startedAt endedAt name { ...Masked_Value } }
      relatedPersons { id role addedAt name { ...Masked_Value } email { ...Masked_Value } phoneNumber { ...Masked_Value } }
    }
  }
`)
const RecordService = graphql(`
  mutation RecordService($input: RecordServiceInput!) {
    recordService(input: $input) { ... on ServiceRecorded { __typename service { id } } ...Refused }
  }
`)

export function AccountPart({ id }: { id: string }) {
  const { t } = useLingui()
  const names = useNames()
  const format = useFormat()
  const records = useMay('RECORD_SERVICES')
  const record = useAsk(RecordAccount, { id }).customer
  if (!record) return null
  return (
    <>
      <Card id="payment" title={<Trans>Payment methods</Trans>}>
        {record.paymentMethods.length === 0 ? <Empty title={<Trans>None is stored.</Trans>} /> : (
          <Table caption={t`Payment methods`} rows={record.paymentMethods} columns={[
            { title: t`Kind`, head: true, cell: (row) => <>{names.payment[row.kind]} {row.isDefault && <Tag><Trans>Default</Trans></Tag>}</> },
            { title: t`Reference`, cell: (row) => <Value name={names.payment[row.kind]} value={row.value} /> },
            { title: t`Added`, cell: (row) => format.date(row.addedAt) },
          ]} />
        )}
      </Card>
      <Card id="services" title={<Trans>Services</Trans>} actions={records && <AddService id={id} />}>
        {record.services.length === 0 ? <Empty title={<Trans>No service is recorded.</Trans>} /> : (
          <Table caption={t`Services`} rows={record.services} columns={[
            { title: t`Kind`, head: true, cell: (row) => names.service[row.kind] },
            { title: t`Name`, cell: (row) => <Value name={t`Name of the service`} value={row.name} /> },
            { title: t`Since`, cell: (row) => format.date(row.startedAt) },
            { title: t`Until`, cell: (row) => (row.endedAt ? format.date(row.endedAt) : t`Running`) },
          ]} />
        )}
      </Card>
      <Card id="related" title={<Trans>People the customer named</Trans>}>
        {record.relatedPersons.length === 0 ? <Empty title={<Trans>Nobody was named.</Trans>} /> : (
          <Table caption={t`People the customer named`} rows={record.relatedPersons} columns={[
            { title: t`Role`, head: true, cell: (row) => names.related[row.role] },
            { title: t({ message: 'Name', context: 'of a person' }), cell: (row) => <Value name={t({ message: 'Name', context: 'of a person' })} value={row.name} /> },
            { title: t`E-mail address`, cell: (row) => <Value name={t`E-mail address`} value={row.email} /> },
            { title: t`Phone number`, cell: (row) => <Value name={t`Phone number`} value={row.phoneNumber} /> },
          ]} />
        )}
      </Card>
    </>
  )
}

/** A day written in a form, as the moment it begins; null for none. */
export const moment = (day: string | null) => (day ? new Date(`${day}T00:00:00Z`).toISOString() : null)

function AddService({ id }: { id: string }) {
  const { t } = useLingui()
  const names = useNames()
  return (
    <DialogButton small label={<Trans>Record a service</Trans>} title={<Trans>Record a service</Trans>}>
      {(close) => (
        <>
          <p><Trans>A service is why the data is held. The same reference again corrects it.</Trans></p>
          <ActForm
            document={RecordService} done={close} submit={<Trans>Record</Trans>} beside={<CancelButton close={close} />}
            variables={(fields) => ({ input: {
              customerId: id, reference: fields.text('reference'), kind: fields.text('kind') as ServiceKind, name: fields.text('name'),
              startedAt: moment(fields.maybe('startedAt')) ?? '', endedAt: moment(fields.maybe('endedAt')),
            } })}
          >
            <Choice name="kind" label={t`Kind`} options={options(names.service)} />
            <Field name="name" label={t`Name`} hint={t`As example.com`} autoComplete="off" isRequired />
            <Field name="reference" label={t`Reference in the billing system`} autoComplete="off" isRequired />
            <div className="fields">
              <Field name="startedAt" type="date" label={t`Since`} isRequired />
              <Field name="endedAt" type="date" label={t`Until`} />
            </div>
          </ActForm>
        </>
      )}
    </DialogButton>
  )
}
