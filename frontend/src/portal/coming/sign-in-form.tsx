import { Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { graphql } from '../../gql/customer'
import { useAct } from '../../shared/api/queries.tsx'
import { Button, Field, PasswordField } from '../../shared/ui/form.tsx'
import { SignInSteps } from '../../shared/ui/sign-in.tsx'
import { TroubleNote } from '../../shared/ui/trouble.tsx'
import { type Told } from './closure.ts'
import { LostFactors } from './lost-factors.tsx'

const SignIn = graphql(`
  mutation SignIn($email: String!, $password: String!) {
    signIn(email: $email, password: $password) {
      ... on SignedIn { __typename customer { id } }
      ... on SecondFactorRequired { __typename challenge methods passkeyOptions }
      ... on AccountClosed { __typename closure { ...ClosureParts_Closure } }
      ...Refused
    }
  }
`)
const CompleteSignIn = graphql(`
  mutation CompleteSignIn($challenge: String!, $proof: FactorProof!) {
    completeSignIn(challenge: $challenge, proof: $proof) {
      ... on SignedIn { __typename customer { id } }
      ... on SecondFactorRequired { __typename challenge methods passkeyOptions }
      ... on AccountClosed { __typename closure { ...ClosureParts_Closure } }
      ...Refused
    }
  }
`)
const BeginPasskeySignIn = graphql(`
  mutation BeginPasskeySignIn {
    beginPasskeySignIn { ... on PasskeyChallenge { __typename challenge options } ...Refused }
  }
`)
const SignInWithPasskey = graphql(`
  mutation SignInWithPasskey($challenge: String!, $credential: JSON!) {
    signInWithPasskey(challenge: $challenge, credential: $credential) {
      ... on SignedIn { __typename customer { id } }
      ... on SecondFactorRequired { __typename challenge methods passkeyOptions }
      ... on AccountClosed { __typename closure { ...ClosureParts_Closure } }
      ...Refused
    }
  }
`)
const ResendConfirmation = graphql(`
  mutation ResendConfirmation($email: String!) {
    resendConfirmation(email: $email) { ... on MailSent { __typename message } ...Refused }
  }
`)

type Found = { __typename: 'SignedIn' } | ({ __typename: 'AccountClosed' } & Told)

const WAYS = { password: SignIn, second: CompleteSignIn, beginPasskey: BeginPasskeySignIn, passkey: SignInWithPasskey }

interface SignInFormProps {
  signedIn: () => void
  closed: (told: Told) => void
  beside?: ReactNode
}

/** Into an account, or to what is told of one that is closed. */
export function SignInForm({ signedIn, closed, beside }: SignInFormProps) {
  const { t } = useLingui()
  const [typed, setTyped] = useState('')
  return (
    <SignInSteps<Found>
      ways={WAYS} beside={beside}
      done={(found) => (found.__typename === 'SignedIn' ? signedIn() : closed(found))}
      explain={(trouble) => trouble.kind === 'refused' && trouble.refusal.code === 'EMAIL_UNCONFIRMED' ? (
        <TroubleNote trouble={trouble}><Resend email={typed} /></TroubleNote>
      ) : undefined}
      second={{ title: <Trans>One more step</Trans>, lost: (challenge) => <LostFactors challenge={challenge} /> }}
    >
      <Field name="email" type="email" label={t`E-mail address`} autoComplete="username webauthn" isRequired value={typed} onChange={setTyped} />
      <PasswordField name="password" label={t`Password`} autoComplete="current-password" />
    </SignInSteps>
  )
}

export function Resend({ email }: { email: string }) {
  const { act, busy, trouble } = useAct(ResendConfirmation)
  const [said, setSaid] = useState<string>()
  if (said) return <p role="status">{said}</p>
  return (
    <div className="stack tight">
      {trouble && <TroubleNote trouble={trouble} />}
      <p><Button small busy={busy} onPress={async () => setSaid((await act({ email }))?.message)}><Trans>Send the letter again</Trans></Button></p>
    </div>
  )
}
export function SignInLinks() {
  return (
    <div className="stack tight">
      <p><Link to="/forgot"><Trans>I forgot my password</Trans></Link></p>
      <p><Trans>New here? <Link to="/sign-up">Open an account</Link></Trans></p>
    </div>
  )
}
