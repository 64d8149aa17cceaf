import { Trans } from '@lingui/react/macro'
import { type PropsWithChildren, type ReactNode, useState } from 'react'
import type { FactorProof, SignInMethod } from '../../gql/customer/graphql.ts' // the same in both schemas
import type { Document } from '../api/document.ts'
import { useAct } from '../api/queries.tsx'
import type { RefusalData, Trouble } from '../api/refusal.ts'
import { askPasskey, passkeysWork } from '../passkey.ts'
import { ActForm, Button } from './form.tsx'
import { Note } from './parts.tsx'
import { Proof } from './proof.tsx'
import { TroubleNote } from './trouble.tsx'

interface Second {
  challenge: string
  methods: readonly SignInMethod[]
  passkeyOptions: unknown
}
type Answer<Found> = Found | ({ __typename: 'SecondFactorRequired' } & Second) | RefusalData

/** The mutations of signing in, as a schema has them; `Found` is what they end with. */
interface Ways<Found> {
  password: Document<{ signIn: Answer<Found> }, { email: string; password: string }>
  second: Document<{ completeSignIn: Answer<Found> }, { challenge: string; proof: FactorProof }>
  beginPasskey: Document<{ beginPasskeySignIn: { __typename: 'PasskeyChallenge'; challenge: string; options: unknown } | RefusalData }, Record<string, never>>
  passkey: Document<{ signInWithPasskey: Answer<Found> }, { challenge: string; credential: unknown }>
}

interface SignInStepsProps<Found> extends PropsWithChildren {
  ways: Ways<Found>
  done: (found: Found) => void
  beside?: ReactNode
  explain?: (trouble: Trouble) => ReactNode | undefined
  /** Above and below the second step. */
  second?: { title: ReactNode; lost: (challenge: string) => ReactNode }
}

/** A password, then a second factor where one is asked for; or a passkey, which is both. The fields are the children. */
export function SignInSteps<Found extends { __typename: string }>({ ways, done, beside, explain, second, children }: SignInStepsProps<Found>) {
  const [asked, ask] = useState<Second>()
  const complete = useAct(ways.second)
  const next = (found: { __typename: string }) => (found.__typename === 'SecondFactorRequired' ? ask(found as unknown as Second) : done(found as Found))
  if (asked) {
    return (
      <div className="stack">
        {second && <h2>{second.title}</h2>}
        <Proof
          {...asked}
          busy={complete.busy}
          trouble={complete.trouble}
          prove={async (proof) => {
            const found = await complete.act({ challenge: asked.challenge, proof })
            if (found) next(found)
          }}
          beside={<Button tone="plain" onPress={() => ask(undefined)}><Trans>Back</Trans></Button>}
        />
        {second?.lost(asked.challenge)}
      </div>
    )
  }
  return (
    <div className="stack">
      <ActForm
        document={ways.password} variables={(fields) => ({ email: fields.text('email'), password: fields.raw('password') })} done={next}
        submit={<Trans>Sign in</Trans>} beside={beside} {...(explain ? { explain } : {})}
      >
        {children}
      </ActForm>
      {passkeysWork() && <ByPasskey ways={ways} next={next} />}
    </div>
  )
}

function ByPasskey<Found extends { __typename: string }>({ ways, next }: { ways: Ways<Found>; next: (found: { __typename: string }) => void }) {
  const begin = useAct(ways.beginPasskey)
  const finish = useAct(ways.passkey)
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
