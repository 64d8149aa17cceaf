import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { graphql } from '../../gql/customer'
import type { Passkeys_PasskeyFragment } from '../../gql/customer/graphql.ts'
import { useAct } from '../../shared/api/queries.tsx'
import { DOT } from '../../shared/dot.ts'
import { useFormat } from '../../shared/format.ts'
import { CancelButton, DialogButton } from '../../shared/ui/dialog.tsx'
import { Button, Field, PlainForm } from '../../shared/ui/form.tsx'
import { Card, Note } from '../../shared/ui/parts.tsx'
import { TroubleNote } from '../../shared/ui/trouble.tsx'
import { makePasskey, passkeysWork } from '../../shared/passkey.ts'
import { Rename } from './rename.tsx'

export const PasskeyParts = graphql(`
  fragment Passkeys_passkey on Passkey { id label createdAt lastUsedAt }
`)
const BeginPasskey = graphql(`
  mutation BeginPasskey { beginPasskey { ... on PasskeyChallenge { __typename challenge options } ...Refused } }
`)
const AddPasskey = graphql(`
  mutation AddPasskey($challenge: String!, $credential: JSON!, $label: String!) {
    addPasskey(challenge: $challenge, credential: $credential, label: $label) { ... on PasskeyAdded { __typename passkey { id } } ...Refused }
  }
`)
const RemovePasskey = graphql(`
  mutation RemovePasskey($id: ID!) { removePasskey(id: $id) { ... on PasskeyRemoved { __typename removedId } ...Refused } }
`)

export function Passkeys({ passkeys }: { passkeys: readonly Passkeys_PasskeyFragment[] }) {
  const format = useFormat()
  return (
    <Card title={<Trans>Passkeys</Trans>}>
      <p><Trans>Your phone, computer or a security key signs you in by fingerprint, face or PIN. Nothing to remember, nothing to steal.</Trans></p>
      {passkeys.length > 0 && (
        <ul className="lines">
          {passkeys.map((one) => (
            <li key={one.id}>
              <div>
                <p className="line-title">{one.label}</p>
                <p className="quiet-text small-text">
                  <Trans>Added {format.date(one.createdAt)}</Trans>{one.lastUsedAt && <>{DOT}<Trans>last used {format.relative(one.lastUsedAt)}</Trans></>}
                </p>
              </div>
              <div className="actions"><Rename id={one.id} label={one.label} /><Remove passkey={one} /></div>
            </li>
          ))}
        </ul>
      )}
      {passkeysWork() ? <Add /> : <Note><p><Trans>This browser knows no passkeys.</Trans></p></Note>}
    </Card>
  )
}

function Add() {
  const { t } = useLingui()
  const begin = useAct(BeginPasskey)
  const add = useAct(AddPasskey)
  const [left, setLeft] = useState(false)
  return (
    <div className="actions">
      <DialogButton label={<Trans>Add a passkey</Trans>} title={<Trans>Add a passkey</Trans>}>
        {(close) => (
          <PlainForm
            busy={begin.busy || add.busy}
            trouble={begin.trouble ?? add.trouble}
            submit={<Trans>Continue</Trans>}
            beside={<CancelButton close={close} />}
            onSubmit={async (fields) => {
              setLeft(false)
              const begun = await begin.act({})
              if (!begun) return
              const credential = await makePasskey(begun.options).catch(() => undefined)
              if (credential === undefined) return setLeft(true)
              if (await add.act({ challenge: begun.challenge, credential, label: fields.text('label') })) close()
            }}
          >
            <Field name="label" label={t`Name`} hint={t`So that you know it again, as “My phone”.`} isRequired autoFocus />
            {left && <Note tone="warn" live><p><Trans>No passkey was made. You may try again.</Trans></p></Note>}
          </PlainForm>
        )}
      </DialogButton>
    </div>
  )
}

function Remove({ passkey }: { passkey: Passkeys_PasskeyFragment }) {
  const { t } = useLingui()
  const { act, busy, trouble } = useAct(RemovePasskey)
  return (
    <DialogButton small label={<Trans>Remove</Trans>} name={t`Remove ${passkey.label}`} title={<Trans>Remove this passkey?</Trans>}>
      {(close) => (
        <>
          <p><Trans>{passkey.label} will no longer sign you in.</Trans></p>
          {trouble && <TroubleNote trouble={trouble} />}
          <div className="actions">
            <Button tone="danger" busy={busy} onPress={async () => { if (await act({ id: passkey.id })) close() }}><Trans>Remove</Trans></Button>
            <CancelButton close={close} />
          </div>
        </>
      )}
    </DialogButton>
  )
}
