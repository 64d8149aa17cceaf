import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { graphql } from '../../gql/support'
import type { CustomerIdentifier, FindCustomersQuery } from '../../gql/support/graphql.ts'
import { useAskLater } from '../../shared/api/queries.tsx'
import { Fault } from '../../shared/api/ask.ts'
import { Choice, Field, type Fields, PlainForm } from '../../shared/ui/form.tsx'
import { Card, Empty, Note, Page } from '../../shared/ui/parts.tsx'
import { Table } from '../../shared/ui/table.tsx'
import { useMay } from '../me.ts'
import { StateTag } from '../parts.tsx'
import { OpenRecord } from './open-record.tsx'
import { ReceiveRequest } from '../requests/receive.tsx'

const FindCustomers = graphql(`
  query FindCustomers($by: CustomerIdentifier!) {
    findCustomers(by: $by) { ...Hit_Customer }
  }
`)

type Way = 'number' | 'email' | 'phoneNumber' | 'personalCode' | 'name' | 'service' | 'relatedPersonEmail'

function identifier(way: Way, fields: Fields): CustomerIdentifier {
  switch (way) {
    case 'personalCode':
      return { personalCode: { country: fields.text('country').toUpperCase(), code: fields.text('code') } }
    case 'name':
      return { name: { familyName: fields.text('familyName'), birthdate: fields.text('birthdate') } }
    case 'number':
      return { number: fields.text('value') }
    case 'email':
      return { email: fields.text('value') }
    case 'phoneNumber':
      return { phoneNumber: fields.text('value') }
    case 'service':
      return { service: fields.text('value') }
    case 'relatedPersonEmail':
      return { relatedPersonEmail: fields.text('value') }
  }
}

/** By one exact identifier: there is no browsing. */
export function Find() {
  const { t } = useLingui()
  const [way, choose] = useState<Way>('number')
  const [by, ask] = useState<CustomerIdentifier>()
  const { data, error, asking } = useAskLater(FindCustomers, { by: by ?? { number: '' } }, by !== undefined)
  const ways: [Way, string][] = [
    ['number', t`Customer number`], ['email', t`E-mail address`], ['phoneNumber', t`Phone number`], ['personalCode', t`Personal code`],
    ['name', t`Family name and birthdate`], ['service', t`Service or domain`], ['relatedPersonEmail', t`Address of a person they named`],
  ]
  const label = ways.find(([one]) => one === way)?.[1]
  return (
    <Page title={t`Find a customer`} lead={<Trans>By one exact identifier. Each search is recorded, and shown to the customer who is found.</Trans>}>
      <Card>
        <PlainForm onSubmit={(fields) => ask(identifier(way, fields))} submit={<Trans>Find</Trans>} busy={asking} trouble={undefined}>
          <Choice name="way" label={t`What you know`} options={ways} value={way} onChange={(value) => { choose(value as Way); ask(undefined) }} />
          {way === 'personalCode' ? (
            <div className="fields">
              <Field name="country" label={t`Country`} hint={t`Two letters, as LV`} defaultValue="LV" maxLength={2} isRequired />
              <Field name="code" label={t`Personal code`} autoComplete="off" isRequired />
            </div>
          ) : way === 'name' ? (
            <div className="fields">
              <Field name="familyName" label={t`Family name`} autoComplete="off" isRequired />
              <Field name="birthdate" type="date" label={t`Birthdate`} isRequired />
            </div>
          ) : <Field key={way} name="value" label={label} autoComplete="off" spellCheck="false" isRequired />}
        </PlainForm>
      </Card>
      {by && error ? <Trouble error={error} /> : by && data ? <Hits hits={data.findCustomers} /> : null}
    </Page>
  )
}

function Trouble({ error }: { error: Error }) {
  return <Note tone="bad" live><p>{error instanceof Fault ? error.message : <Trans>We could not reach the server. Try again when you are connected.</Trans>}</p></Note>
}

function Hits({ hits }: { hits: FindCustomersQuery['findCustomers'] }) {
  const { t } = useLingui()
  const opens = useMay('OPEN_RECORDS')
  const desk = useMay('SERVE_REQUESTS')
  if (hits.length === 0) return <Card><div role="status"><Empty title={<Trans>Nobody has exactly this.</Trans>}><p><Trans>Check it letter by letter: similar values are not found, by design.</Trans></p></Empty></div></Card>
  return (
    <Card id="hits" title={<Trans>Found</Trans>}>
      <Table
        caption={t`Customers found`} rows={hits}
        columns={[
          { title: t`Number`, head: true, cell: (row) => <span className="number">{row.number}</span> },
          { title: t({ message: 'Name', context: 'of a person' }), cell: (row) => row.maskedName },
          { title: t`E-mail`, cell: (row) => row.maskedEmail },
          { title: t`State`, cell: (row) => <StateTag state={row.state} /> },
          ...(opens ? [{ title: t`Open`, bare: true, end: true, cell: (row: (typeof hits)[number]) => <span className="row end">{desk && <ReceiveRequest small customer={row} />}<OpenRecord customer={row} /></span> }] : []),
        ]}
      />
    </Card>
  )
}
