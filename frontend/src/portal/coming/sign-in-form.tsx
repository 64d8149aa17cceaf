import { Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { graphql } from '../../gql/customer'
import type { SignInMethod } from '../../gql/customer/graphql.ts'
import { useAct } from '../../shared/api/queries.tsx'
import { ActForm, Button, Field, PasswordField } from '../../shared/ui/form.tsx'
import { Note } from '../../shared/ui/parts.tsx'
import { TroubleNote } from '../../shared/ui/trouble.tsx'
import { type Told } from './closure.ts'
import { LostFactors } from './lost-factors.tsx'
import { askPasskey, passkeysWork } from '../../shared/passkey.ts'
import { Proof } from '../../shared/ui/proof.tsx'

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

type Second = { challenge: string; methods: readonly SignInMethod[]; passkeyOptions: unknown }
type Answer = { __typename: 'SignedIn' } | ({ __typename: 'SecondFactorRequired' } & Second) | ({ __typename: 'AccountClosed' } & Told)

interface SignInFormProps {
  signedIn: () => void
  closed: (told: Told) => void
  email?: string | undefined
  beside?: ReactNode
}

/** Password, then a second factor where there is one; or a passkey alone. */
export function SignInForm({ signedIn, closed, email, beside }: SignInFormProps) {
  const { t } = useLingui()
  const [second, setSecond] = useState<Second>()
  const [typed, setTyped] = useState(email ?? '')
  const complete = useAct(CompleteSignIn)

  const next = (found: Answer) => {
    switch (found.__typename) {
      case 'SignedIn':
        return signedIn()
      case 'SecondFactorRequired':
        return setSecond(found)
      case 'AccountClosed':
        return closed(found)
    }
  }

  if (second) {
    return (
      <div className="stack">
        <h2><Trans>One more step</Trans></h2>
        <Proof
          {...second}
          busy={complete.busy}
          trouble={complete.trouble}
          prove={async (proof) => {
            const found = await complete.act({ challenge: second.challenge, proof })
            if (found) next(found)
          }}
          beside={<Button tone="plain" onPress={() => setSecond(undefined)}><Trans>Back</Trans></Button>}
        />
        <LostFactors challenge={second.challenge} />
      </div>
    )
  }
  return (
    <div className="stack">
      <ActForm
        document={SignIn}
        variables={(fields) => ({ email: fields.text('email'), password: fields.raw('password') })}
        done={next}
        submit={<Trans>Sign in</Trans>}
        beside={beside}
        explain={(trouble) => trouble.kind === 'refused' && trouble.refusal.code === 'EMAIL_UNCONFIRMED' ? (
          <TroubleNote trouble={trouble}><Resend email={typed} /></TroubleNote>
        ) : undefined}
      >
        <Field name="email" type="email" label={t`E-mail address`} autoComplete="username webauthn" isRequired value={typed} onChange={setTyped} />
        <PasswordField name="password" label={t`Password`} autoComplete="current-password" />
      </ActForm>
      {passkeysWork() && <ByPasskey next={next} />}
    </div>
  )
}

function ByPasskey({ next }: { next: (found: Answer) => void }) {
  const begin = useAct(BeginPasskeySignIn)
  const finish = useAct(SignInWithPasskey)
  const [left, setLeft] = useState(false)
  const trouble = begin.trouble ?? finish.trouble
  return (
    <div className="stack tight">
      <div className="actions">
        <Button busy={begin.busy || finish.busy} onPress={async () => {
          setLeft(false)
          const begun = await begin.act({})
          if (!begun) return
          const credential = await askPasskey(begun.options).catch(() => undefined)
          if (credential === undefined) return setLeft(true)
          const found = await finish.act({ challenge: begun.challenge, credential })
          if (found) next(found)
        }}>
          <Trans>Sign in with a passkey</Trans>
        </Button>
      </div>
      {left && <Note tone="warn" live><p><Trans>The passkey was not used. You may try again.</Trans></p></Note>}
      {trouble && <TroubleNote trouble={trouble} />}
    </div>
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
