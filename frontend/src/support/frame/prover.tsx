import { Trans } from '@lingui/react/macro'
import { type PropsWithChildren, useCallback, useEffect, useState } from 'react'
import { graphql } from '../../gql/support'
import type { SignInMethod } from '../../gql/support/graphql.ts'
import { type Prove, ProofProvider, useAct } from '../../shared/api/queries.tsx'
import { CancelButton, Popup } from '../../shared/ui/dialog.tsx'
import { Waiting } from '../../shared/ui/parts.tsx'
import { Proof } from '../../shared/ui/proof.tsx'
import { TroubleNote } from '../../shared/ui/trouble.tsx'
import { SignInForm } from '../coming/sign-in-form.tsx'

const BeginStepUp = graphql(`
  mutation BeginStepUp {
    beginStepUp { ... on StepUpBegun { __typename challenge methods passkeyOptions } ...Refused }
  }
`)
const StepUp = graphql(`
  mutation StepUp($proof: FactorProof!) {
    stepUp(proof: $proof) { ... on SteppedUp { __typename until } ...Refused }
  }
`)

interface Question {
  code: Parameters<Prove>[0]
  answer: (proven: boolean) => void
}

/** Asks who is there when the server wants to know, on top of the page: what was typed in it stays. */
export function Prover({ children }: PropsWithChildren) {
  const [question, setQuestion] = useState<Question>()
  const prove = useCallback<Prove>((code) => {
    if (code === 'NOT_SIGNED_IN' && !document.querySelector('.inside-frame')) return Promise.resolve(false)
    return new Promise((resolve) => setQuestion({ code, answer: (proven) => { setQuestion(undefined); resolve(proven) } }))
  }, [])
  return <ProofProvider prove={prove}>{children}{question && <ProofDialog {...question} />}</ProofProvider>
}

function ProofDialog({ code, answer }: Question) {
  const leave = () => answer(false)
  if (code === 'NOT_SIGNED_IN') {
    return (
      <Popup title={<Trans>You were signed out</Trans>} close={leave}>
        <p><Trans>Sign in again: nothing you typed is lost.</Trans></p>
        <SignInForm signedIn={() => answer(true)} beside={<CancelButton close={leave} />} />
      </Popup>
    )
  }
  return (
    <Popup title={<Trans>Is it you?</Trans>} close={leave}>
      <p><Trans>This needs a fresh proof. It then counts for five minutes.</Trans></p>
      <Fresh done={() => answer(true)} leave={leave} />
    </Popup>
  )
}

function Fresh({ done, leave }: { done: () => void; leave: () => void }) {
  const { act, trouble } = useAct(BeginStepUp)
  const step = useAct(StepUp)
  const [begun, setBegun] = useState<{ challenge: string; methods: readonly SignInMethod[]; passkeyOptions: unknown }>()
  useEffect(() => {
    void act({}).then((found) => found && setBegun(found))
  }, [act])
  if (trouble) return <TroubleNote trouble={trouble} />
  if (!begun) return <Waiting />
  return (
    <Proof
      {...begun} busy={step.busy} trouble={step.trouble}
      prove={async (proof) => { if (await step.act({ proof })) done() }}
      beside={<CancelButton close={leave} />}
    />
  )
}
