import { Trans } from '@lingui/react/macro'
import { useEffect, useState } from 'react'
import { graphql } from '../../gql/customer'
import type { SignInMethod } from '../../gql/customer/graphql.ts'
import { useAct } from '../../shared/api/queries.tsx'
import { CancelButton, Popup } from '../../shared/ui/dialog.tsx'
import { Waiting } from '../../shared/ui/parts.tsx'
import { TroubleNote } from '../../shared/ui/trouble.tsx'
import { tellClosure } from '../coming/closure.ts'
import { Proof } from '../../shared/ui/proof.tsx'
import { SignInForm } from '../coming/sign-in-form.tsx'
import type { Question } from './prover.tsx'

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

/** A fresh proof, or signing in anew when the session is over; afterwards what was asked for is done. */
export function ProofDialog({ code, answer }: Question) {
  const leave = () => answer(false)
  if (code === 'NOT_SIGNED_IN') {
    return (
      <Popup title={<Trans>You were signed out</Trans>} close={leave}>
        <p><Trans>For your safety, after 30 minutes without a sign of you. Sign in again: nothing you typed is lost.</Trans></p>
        <SignInForm signedIn={() => answer(true)} closed={(told) => { tellClosure(told); location.assign('/sign-in') }} beside={<CancelButton close={leave} />} />
      </Popup>
    )
  }
  return (
    <Popup title={<Trans>Is it you?</Trans>} close={leave}>
      <p><Trans>This is worth protecting, so we ask once more. It then counts for five minutes.</Trans></p>
      <Fresh done={() => answer(true)} leave={leave} />
    </Popup>
  )
}

function Fresh({ done, leave }: { done: () => void; leave: () => void }) {
  const begin = useAct(BeginStepUp, { last: true })
  const step = useAct(StepUp)
  const [begun, setBegun] = useState<{ challenge: string; methods: readonly SignInMethod[]; passkeyOptions: unknown }>()
  const { act } = begin
  useEffect(() => {
    void act({}).then((found) => found && setBegun(found))
  }, [act])
  if (begin.trouble) return <TroubleNote trouble={begin.trouble} />
  if (!begun) return <Waiting />
  return (
    <Proof
      {...begun}
      busy={step.busy}
      trouble={step.trouble}
      prove={async (proof) => {
        if (await step.act({ proof })) done()
      }}
      beside={<CancelButton close={leave} />}
    />
  )
}
