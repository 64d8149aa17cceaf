import { useLingui } from '@lingui/react/macro'
import { useFieldNames } from '../shared/fields.ts'
import type {
  AccountState, ApprovalKind, GrantReason, IdentityDocument, PaymentKind, RelatedPersonRole, RequestChannel, RequestKind, RequestStatus, ReviewKind, Role,
  ServiceKind, SignInMethod, SignInOutcome,
} from '../gql/support/graphql.ts'

/** The schema's words as people say them. */
export function useNames() {
  const { t } = useLingui()
  const touched = useFieldNames()
  const role: Record<Role, string> = {
    SUPPORT: t`Support`, SENIOR_SUPPORT: t`Senior support`, OFFICE: t`Office`, PRIVACY_OFFICER: t`Privacy officer`, FINANCE: t`Finance`,
    AUDITOR: t`Auditor`, ADMIN: t`Administrator`,
  }
  const state: Record<AccountState, string> = {
    UNCONFIRMED: t`Unconfirmed`, ACTIVE: t`Active`, RESTRICTED: t`Restricted`, CLOSED: t`Closed`, ERASED: t`Erased`,
  }
  const kind: Record<RequestKind, string> = {
    COPY: t`Copy of the data`, UPDATE: t`Correction`, DELETE: t`Deletion`, RESTORE: t`Restoring`, RESTRICT: t`Restriction`, OBJECT: t`Objection`,
  }
  const status: Record<RequestStatus, string> = {
    RECEIVED: t`Received`, IN_PROGRESS: t`In progress`, FULFILLED: t`Done`, DENIED: t`Denied`, CANCELLED: t`Withdrawn`,
  }
  const channel: Record<RequestChannel, string> = { PORTAL: t`Portal`, OFFICE: t`At the office`, MAIL: t`By post` }
  const reason: Record<GrantReason, string> = {
    CUSTOMER_CONTACT: t`The customer contacted us`, OFFICE_VISIT: t`A visit to the office`, COMPLAINT: t`A complaint`, FRAUD: t`Suspected fraud`,
    LEGAL: t`A legal matter`, QUALITY_REVIEW: t`A review of quality`,
  }
  const document: Record<IdentityDocument, string> = {
    PASSPORT: t`Passport`, IDENTITY_CARD: t`Identity card`, DRIVING_LICENCE: t`Driving licence`, RESIDENCE_PERMIT: t`Residence permit`,
  }
  const approval: Record<ApprovalKind, string> = {
    OFFICE_DELETION: t`Deletion at the office`, CLOSING_FOR_TERMS: t`Closing under the terms`, HOLD_RELEASE: t`Release of a hold`,
    POLICY_PUBLICATION: t`Publication of a policy version`,
  }
  const review: Record<ReviewKind, string> = { STAFF_ACCESS: t`Access of staff`, INVENTORY: t`Inventory of data`, KEYS: t`Keys` }
  const payment: Record<PaymentKind, string> = { BANK_ACCOUNT: t`Bank account`, PAYPAL: t`PayPal`, PHONE_BILL: t`Phone bill` }
  const related: Record<RelatedPersonRole, string> = {
    REGISTRANT: t`Registrant`, ADMINISTRATIVE: t`Administrative contact`, TECHNICAL: t`Technical contact`, BILLING: t`Billing contact`,
  }
  const service: Record<ServiceKind, string> = { HOSTING: t`Hosting`, DOMAIN: t`Domain`, EMAIL: t`E-mail`, INFORMATION_REQUEST: t`Information request` }
  const method: Record<SignInMethod, string> = { PASSWORD: t`Password`, PASSKEY: t`Passkey`, TOTP: t`Authenticator app`, RECOVERY_CODE: t`Recovery code` }
  const outcome: Record<SignInOutcome, string> = {
    SUCCEEDED: t`Signed in`, WRONG_CREDENTIALS: t`Wrong password or address`, SECOND_FACTOR_FAILED: t`Second factor failed`, THROTTLED: t`Slowed down`,
    BLOCKED: t`Stopped`, CLOSED: t`Account closed`,
  }
  const actor = { CUSTOMER: t`Customer`, STAFF: t`Staff`, SYSTEM: t`The software` }
  const message = { FROM_CUSTOMER: t`From the customer`, FROM_SUPPORT: t`From us`, LETTER: t`Letter` }
  /** What an entry says was touched: of a colleague, a role. */
  const field = (name: string) => role[name as Role] ?? touched(name)
  /** Why it was done: as somebody wrote it, or one of our reasons. */
  const why = (said: string | null) => (said === 'REQUEST' ? t`A request of the customer` : (reason[said as GrantReason] ?? said))
  return { role, field, why, state, kind, status, channel, reason, document, approval, review, payment, related, service, method, outcome, actor, message }
}

/** A list of the schema's words as the options of a choice. */
export const options = <Word extends string>(names: Record<Word, string>): [Word, string][] => Object.entries(names) as [Word, string][]
