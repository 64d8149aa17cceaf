import { Trans, useLingui } from '@lingui/react/macro'
import { Link, useSearch } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { graphql } from '../../gql/customer'
import type { Document } from '../../shared/api/document.ts'
import { useAct } from '../../shared/api/queries.tsx'
import type { Only, Success } from '../../shared/api/refusal.ts'
import { useFormat } from '../../shared/format.ts'
import { Button, type Tone } from '../../shared/ui/form.tsx'
import { Card, Note, Page } from '../../shared/ui/parts.tsx'
import { TroubleNote } from '../../shared/ui/trouble.tsx'

const ConfirmEmail = graphql(`
  mutation ConfirmEmail($token: String!) {
    confirmEmail(token: $token) { ... on EmailConfirmed { __typename profile { email } } ...Refused }
  }
`)
const RevertEmailChange = graphql(`
  mutation RevertEmailChange($token: String!) {
    revertEmailChange(token: $token) { ... on EmailReverted { __typename message } ...Refused }
  }
`)
const ReportByLink = graphql(`
  mutation ReportByLink($token: String!) {
    reportSignIn(by: { token: $token }) { ... on AccountSecured { __typename sessionsEnded message } ...Refused }
  }
`)
const RemoveLostFactors = graphql(`
  mutation RemoveLostFactors($token: String!) {
    removeLostFactors(token: $token) { ... on FactorsRemoved { __typename at } ...Refused }
  }
`)
const RemoveMeByLink = graphql(`
  mutation RemoveMeByLink($token: String!) {
    removeRelatedPerson(by: { token: $token }) { ... on RelatedPersonRemoved { __typename removedId } ...Refused }
  }
`)
const UnsubscribeByLink = graphql(`
  mutation UnsubscribeByLink($token: String!) {
    unsubscribe(token: $token) { ... on Unsubscribed { __typename at } ...Refused }
  }
`)

interface LinkProps<Data> {
  document: Document<Data, { token: string }>
  title: string
  lead: ReactNode
  submit: ReactNode
  tone?: Tone
  done: (found: Success<Only<Data>>) => ReactNode
}

/** What a letter's link leads to: it says what will happen, and a press of a button does it, for mail programs open links too. */
function ByLink<Data>({ document, title, lead, submit, tone = 'main', done }: LinkProps<Data>) {
  const { token } = useSearch({ strict: false }) as { token: string }
  const { act, busy, trouble } = useAct(document)
  const [found, setFound] = useState<Success<Only<Data>>>()
  const expired = trouble?.kind === 'refused' && trouble.refusal.code === 'EXPIRED_TOKEN'
  return (
    <Page narrow title={title} lead={found ? undefined : lead}>
      <Card>
        {found ? done(found) : (
          <>
            {trouble && <TroubleNote trouble={trouble} />}
            {!expired && <div className="actions"><Button tone={tone} busy={busy} autoFocus onPress={async () => setFound(await act({ token }))}>{submit}</Button></div>}
          </>
        )}
        <p><Link to="/"><Trans>To my account</Trans></Link></p>
      </Card>
    </Page>
  )
}

const Good = ({ title, children }: { title: ReactNode; children?: ReactNode }) => <Note tone="good" live title={title}>{children}</Note>

export function Confirm() {
  const { t } = useLingui()
  return (
    <ByLink
      document={ConfirmEmail} title={t`Confirm your e-mail address`} submit={<Trans>Confirm</Trans>}
      lead={<Trans>Our letter reached you. One press, and this address counts.</Trans>}
      done={() => <Good title={<Trans>Your address is confirmed.</Trans>}><p><Trans>You can sign in with it now.</Trans></p></Good>}
    />
  )
}

export function Revert() {
  const { t } = useLingui()
  return (
    <ByLink
      document={RevertEmailChange} title={t`Take back the change of e-mail address`} submit={<Trans>Bring my old address back</Trans>}
      lead={<Trans>Somebody changed the e-mail address of your account. If it was not you: this brings the old address back and signs everybody out, and you set a new password.</Trans>}
      done={({ message }) => <Good title={message} />}
    />
  )
}

export function NotMe() {
  const { t } = useLingui()
  return (
    <ByLink
      document={ReportByLink} title={t`This was not me`} submit={<Trans>Secure my account</Trans>} tone="danger"
      lead={<Trans>This signs everybody out at once and stops every change to your account until you have set a new password; we send you a letter for that.</Trans>}
      done={({ message }) => <Good title={message} />}
    />
  )
}

export function RemoveFactors() {
  const { t } = useLingui()
  const format = useFormat()
  return (
    <ByLink
      document={RemoveLostFactors} title={t`Remove what you lost`} submit={<Trans>Remove my second factors</Trans>} tone="danger"
      lead={<Trans>Your app, passkeys and recovery codes will no longer count. You then sign in with your password and can add new ones.</Trans>}
      done={({ at }) => <Good title={<Trans>Removed on {format.dateTime(at)}.</Trans>} />}
    />
  )
}

export function RemoveMe() {
  const { t } = useLingui()
  return (
    <ByLink
      document={RemoveMeByLink} title={t`Remove me`} submit={<Trans>Remove my data</Trans>} tone="danger"
      lead={<Trans>One of our customers named you as a contact. You may have your data removed without giving a reason; the customer is told that it was removed.</Trans>}
      done={() => <Good title={<Trans>Your data is removed.</Trans>} />}
    />
  )
}

export function Unsubscribe() {
  const { t } = useLingui()
  const format = useFormat()
  return (
    <ByLink
      document={UnsubscribeByLink} title={t`No more news`} submit={<Trans>Send me no more news</Trans>}
      lead={<Trans>Letters about your account and its safety still come; news and offers do not.</Trans>}
      done={({ at }) => <Good title={<Trans>No more news since {format.dateTime(at)}.</Trans>} />}
    />
  )
}
