import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { graphql } from '../../gql/customer'
import type { PaymentMethodInput } from '../../gql/customer/graphql.ts'
import { asking, useAct, useAsk } from '../../shared/api/queries.tsx'
import { DOT } from '../../shared/dot.ts'
import { useFormat } from '../../shared/format.ts'
import { CancelButton, DialogButton } from '../../shared/ui/dialog.tsx'
import { ActForm, Button, Choice, Field, type Fields, Radios, Tick } from '../../shared/ui/form.tsx'
import { Card, Empty, Page, Tag } from '../../shared/ui/parts.tsx'
import { TroubleNote } from '../../shared/ui/trouble.tsx'
import { Rename } from '../safety/rename.tsx'

const PaymentMethodsPage = graphql(`
  query PaymentMethodsPage {
    viewer {
      id
      paymentMethods { __typename id label isDefault addedAt masked ... on BankAccount { country holder } }
    }
  }
`)
const AddPaymentMethod = graphql(`
  mutation AddPaymentMethod($input: AddPaymentMethodInput!) {
    addPaymentMethod(input: $input) { ... on PaymentMethodAdded { __typename paymentMethod { id } } ...Refused }
  }
`)
const SetDefaultPaymentMethod = graphql(`
  mutation SetDefaultPaymentMethod($id: ID!) {
    setDefaultPaymentMethod(id: $id) { ... on DefaultPaymentMethodSet { __typename paymentMethod { id } } ...Refused }
  }
`)
const RemovePaymentMethod = graphql(`
  mutation RemovePaymentMethod($id: ID!, $replacementId: ID) {
    removePaymentMethod(id: $id, replacementId: $replacementId) { ... on PaymentMethodRemoved { __typename removedId } ...Refused }
  }
`)

type Kind = 'bankAccount' | 'payPal' | 'phoneBill'
interface Method { id: string; label: string; masked: string; isDefault: boolean }

export function PaymentMethods() {
  const { t } = useLingui()
  const format = useFormat()
  const { viewer } = useAsk(PaymentMethodsPage, {})
  const choose = useAct(SetDefaultPaymentMethod)
  if (!viewer) return null
  const methods = viewer.paymentMethods
  const kinds = { BankAccount: t`bank account`, PayPalAccount: 'PayPal', PhoneBill: t`phone bill` }
  return (
    <Page title={t`Payment methods`} lead={<Trans>References to where you pay from. We never hold card numbers, and pass none of this on.</Trans>} actions={<Add />}>
      {choose.trouble && <TroubleNote trouble={choose.trouble} />}
      <Card>
        {methods.length === 0 ? <Empty title={<Trans>No payment method yet.</Trans>}><p><Trans>Add a bank account, PayPal or your phone bill when you want to pay for a service.</Trans></p></Empty> : (
          <ul className="lines">
            {methods.map((one) => (
              <li key={one.id}>
                <div>
                  <p className="line-title">{one.label}{one.isDefault && <Tag tone="good"><Trans>used first</Trans></Tag>}</p>
                  <p className="quiet-text small-text">{kinds[one.__typename]}{one.label !== one.masked && <>{DOT}<span className="code">{one.masked}</span></>}{DOT}<Trans>added {format.date(one.addedAt)}</Trans></p>
                </div>
                <div className="actions">
                  {!one.isDefault && <Button small busy={choose.busy} aria-label={t`Use first: ${one.label}`} onPress={() => void choose.act({ id: one.id })}><Trans>Use first</Trans></Button>}
                  <Rename id={one.id} label={one.label} />
                  <Remove method={one} others={methods.filter((other) => other.id !== one.id)} />
                </div>
              </li>
            ))}
          </ul>
        )}
      </Card>
    </Page>
  )
}
PaymentMethods.before = asking(PaymentMethodsPage, {})

function given(kind: Kind, fields: Fields): PaymentMethodInput {
  switch (kind) {
    case 'bankAccount':
      return { bankAccount: { iban: fields.text('method.bankAccount.iban'), holder: fields.maybe('method.bankAccount.holder') } }
    case 'payPal':
      return { payPal: { email: fields.text('method.payPal.email') } }
    case 'phoneBill':
      return { phoneBill: { phoneNumber: fields.text('method.phoneBill.phoneNumber') } }
  }
}

function Add() {
  const { t } = useLingui()
  const [kind, choose] = useState<Kind>('bankAccount')
  // one key for one form, so that a second try after a lost connection adds nothing twice
  const [key, setKey] = useState(() => crypto.randomUUID())
  return (
    <DialogButton tone="main" label={<Trans>Add</Trans>} name={t`Add a payment method`} title={<Trans>Add a payment method</Trans>}>
      {(close) => (
        <ActForm
          document={AddPaymentMethod}
          variables={(fields) => ({ input: { idempotencyKey: key, method: given(kind, fields), label: fields.maybe('label'), makeDefault: fields.on('makeDefault') } })}
          done={() => { setKey(crypto.randomUUID()); close() }}
          submit={<Trans>Add</Trans>}
          beside={<CancelButton close={close} />}
        >
          <Radios row label={t`Kind`} name="kind" value={kind} onChange={(value) => choose(value as Kind)} options={[['bankAccount', t`Bank account`], ['payPal', 'PayPal'], ['phoneBill', t`Phone bill`]]} />
          {kind === 'bankAccount' && (
            <>
              <Field key="iban" name="method.bankAccount.iban" label="IBAN" autoComplete="off" isRequired />
              <Field key="holder" name="method.bankAccount.holder" label={t`Account holder`} autoComplete="name" />
            </>
          )}
          {kind === 'payPal' && <Field key="paypal" name="method.payPal.email" type="email" label={t`E-mail address at PayPal`} isRequired />}
          {kind === 'phoneBill' && <Field key="phone" name="method.phoneBill.phoneNumber" type="tel" label={t`Phone number`} hint={t`With the country's code, as +371 20000000`} isRequired />}
          <Field name="label" label={t`Your own name for it`} />
          <Tick name="makeDefault"><Trans>Use it first</Trans></Tick>
        </ActForm>
      )}
    </DialogButton>
  )
}

function Remove({ method, others }: { method: Method; others: Method[] }) {
  const { t } = useLingui()
  return (
    <DialogButton small label={<Trans>Remove</Trans>} name={t`Remove ${method.label}`} title={<Trans>Remove {method.label}?</Trans>}>
      {(close) => (
        <ActForm
          document={RemovePaymentMethod}
          variables={(fields) => ({ id: method.id, replacementId: fields.maybe('replacementId') })}
          done={close} tone="danger" submit={<Trans>Remove</Trans>} beside={<CancelButton close={close} />}
        >
          <p><Trans>You can have it back under Old values for a while; then it is gone.</Trans></p>
          {method.isDefault && others.length > 0 && (
            <Choice name="replacementId" label={t`Use this one first instead`} options={others.map((one) => [one.id, `${one.label} (${one.masked})`])} />
          )}
        </ActForm>
      )}
    </DialogButton>
  )
}
