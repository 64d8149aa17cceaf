import { useLingui } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import { graphql } from '../../gql/support'
import { Field, PasswordField } from '../../shared/ui/form.tsx'
import { SignInSteps } from '../../shared/ui/sign-in.tsx'

const SignIn = graphql(`
  mutation SignIn($email: String!, $password: String!) {
    signIn(email: $email, password: $password) {
      ... on StaffSignedIn { __typename staff { id } }
      ... on SecondFactorRequired { __typename challenge methods passkeyOptions }
      ...Refused
    }
  }
`)
const CompleteSignIn = graphql(`
  mutation CompleteSignIn($challenge: String!, $proof: FactorProof!) {
    completeSignIn(challenge: $challenge, proof: $proof) {
      ... on StaffSignedIn { __typename staff { id } }
      ... on SecondFactorRequired { __typename challenge methods passkeyOptions }
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
      ... on StaffSignedIn { __typename staff { id } }
      ... on SecondFactorRequired { __typename challenge methods passkeyOptions }
      ...Refused
    }
  }
`)

const WAYS = { password: SignIn, second: CompleteSignIn, beginPasskey: BeginPasskeySignIn, passkey: SignInWithPasskey }

/** A member of staff always has a second factor. */
export function SignInForm({ signedIn, beside }: { signedIn: () => void; beside?: ReactNode }) {
  const { t } = useLingui()
  return (
    <SignInSteps<{ __typename: 'StaffSignedIn' }> ways={WAYS} done={signedIn} beside={beside}>
      <Field name="email" type="email" label={t`Your address at work`} autoComplete="username" isRequired autoFocus />
      <PasswordField name="password" label={t`Password`} autoComplete="current-password" />
    </SignInSteps>
  )
}
