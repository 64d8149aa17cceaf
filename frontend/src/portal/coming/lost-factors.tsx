import { Trans } from '@lingui/react/macro'
import { useState } from 'react'
import { graphql } from '../../gql/customer'
import { useAct } from '../../shared/api/queries.tsx'
import { useFormat } from '../../shared/format.ts'
import { Note } from '../../shared/ui/parts.tsx'
import { CancelButton, DialogButton } from '../../shared/ui/dialog.tsx'
import { Button } from '../../shared/ui/form.tsx'
import { TroubleNote } from '../../shared/ui/trouble.tsx'

const RequestFactorRecovery = graphql(`
  mutation RequestFactorRecovery($challenge: String!) {
    requestFactorRecovery(challenge: $challenge) { ... on FactorRecoveryStarted { __typename availableAt } ...Refused }
  }
`)

/** Every second factor lost: a way back that takes time, so that the owner would notice a thief on it. */
export function LostFactors({ challenge }: { challenge: string }) {
  const { act, busy, trouble } = useAct(RequestFactorRecovery)
  const [at, setAt] = useState<string>()
  const format = useFormat()
  if (at) {
    return (
      <Note tone="good" live title={<Trans>We have written to every address of yours.</Trans>}>
        <p><Trans>From {format.dateTime(at)} the link in the letter removes what you lost. Until then any sign-in with one of your factors stops it.</Trans></p>
      </Note>
    )
  }
  return (
    <DialogButton tone="plain" label={<Trans>I have lost all of these</Trans>} title={<Trans>Lost every second factor?</Trans>}>
      {(close) => (
        <>
          <p><Trans>We send a letter to every address of yours. After a waiting time, which gives the owner of the account the chance to object, the link in it removes your app, passkeys and recovery codes. You still need your password then.</Trans></p>
          {trouble && <TroubleNote trouble={trouble} />}
          <div className="actions">
            <Button tone="main" busy={busy} onPress={async () => setAt((await act({ challenge }))?.availableAt)}><Trans>Send the letters</Trans></Button>
            <CancelButton close={close} />
          </div>
        </>
      )}
    </DialogButton>
  )
}
