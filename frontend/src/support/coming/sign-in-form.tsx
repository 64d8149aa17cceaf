import { Trans, useLingui } from '@lingui/react/macro'
import { type ReactNode, useState } from 'react'
import { graphql } from '../../gql/support'
import type { SignInMethod } from '../../gql/support/graphql.ts'
import { useAct } from '../../shared/api/queries.tsx'
import { askPasskey, passkeysWork } from '../../shared/passkey.ts'
import { ActForm, Button, Field, PasswordField } from '../../shared/ui/form.tsx'
import { Note } from '../../shared/ui/parts.tsx'
import { Proof } from '../../shared/ui/proof.tsx'
import { TroubleNote } from '../../shared/ui/trouble.tsx'

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

interface Second {
  challenge: string
  methods: readonly SignInMethod[]
  passkeyOptions: unknown
}
type Found = { __typename: 'StaffSignedIn' } | ({ __typename: 'SecondFactorRequired' } & Second)

/** A password, and always a second factor; or a passkey, which is both. */
export function SignInForm({ signedIn, beside }: { signedIn: () => void; beside?: ReactNode }) {
  const { t } = useLingui()
  const [second, setSecond] = useState<Second>()
  const complete = useAct(CompleteSignIn)
  const next = (found: Found) => (found.__typename === 'SecondFactorRequired' ? setSecond(found) : signedIn())
  if (second) {
    return (
      <Proof
        {...second} busy={complete.busy} trouble={complete.trouble}
        prove={async (proof) => {
          const found = await complete.act({ challenge: second.challenge, proof })
          if (found) next(found)
        }}
        beside={<Button tone="plain" onPress={() => setSecond(undefined)}><Trans>Back</Trans></Button>}
      />
    )
  }
  return (
    <div className="stack">
      <ActForm document={SignIn} variables={(fields) => ({ email: fields.text('email'), password: fields.raw('password') })} done={next} submit={<Trans>Sign in</Trans>} beside={beside}>
        <Field name="email" type="email" label={t`Your address at work`} autoComplete="username" isRequired autoFocus />
        <PasswordField name="password" label={t`Password`} autoComplete="current-password" />
      </ActForm>
      {passkeysWork() && <ByPasskey next={next} />}
    </div>
  )
}

function ByPasskey({ next }: { next: (found: Found) => void }) {
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
