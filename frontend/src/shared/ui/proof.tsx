import { Trans, useLingui } from '@lingui/react/macro'
import { type ReactNode, useState } from 'react'
import type { FactorProof, SignInMethod } from '../../gql/customer/graphql.ts' // the same in both schemas
import type { Trouble } from '../api/refusal.ts'
import { Button, Field, PasswordField, PlainForm } from './form.tsx'
import { Note } from './parts.tsx'
import { TroubleNote } from './trouble.tsx'
import { askPasskey } from '../passkey.ts'

interface ProofProps {
  challenge: string
  methods: readonly SignInMethod[]
  passkeyOptions: unknown
  prove: (proof: FactorProof) => unknown
  busy: boolean
  trouble: Trouble | undefined
  beside?: ReactNode
  email?: string | undefined
}

/** A proof of who is there, by whichever of the offered ways the person likes; the strongest first. */
export function Proof({ challenge, methods, passkeyOptions, prove, busy, trouble, beside, email }: ProofProps) {
  const { t } = useLingui()
  const [method, choose] = useState<SignInMethod>(methods[0] ?? 'PASSWORD')
  const names: Record<SignInMethod, string> = {
    PASSKEY: t`Use a passkey`,
    TOTP: t`Use the code of my app`,
    RECOVERY_CODE: t`Use a recovery code`,
    PASSWORD: t`Use my password`,
  }
  const others = methods.filter((one) => one !== method)
  return (
    <div className="stack">
      <Way {...{ method, challenge, passkeyOptions, prove, busy, trouble, beside, email }} key={method} />
      {others.length > 0 && (
        <div className="stack tight">
          {others.map((one) => <p key={one}><button type="button" className="link" onClick={() => choose(one)}>{names[one]}</button></p>)}
        </div>
      )}
    </div>
  )
}

function Way({ method, challenge, passkeyOptions, prove, busy, trouble, beside, email }: Omit<ProofProps, 'methods'> & { method: SignInMethod }) {
  const { t } = useLingui()
  const [left, setLeft] = useState(false)
  switch (method) {
    case 'PASSKEY':
      return (
        <div className="stack">
          <p><Trans>Your device will ask for your fingerprint, your face or its PIN.</Trans></p>
          {left && <Note tone="warn" live><p><Trans>The passkey was not used. You may try again.</Trans></p></Note>}
          {trouble && <TroubleNote trouble={trouble} />}
          <div className="actions">
            <Button tone="main" busy={busy} autoFocus onPress={async () => {
              setLeft(false)
              const credential = await askPasskey(passkeyOptions).catch(() => undefined)
              if (credential === undefined) setLeft(true)
              else prove({ passkey: { challenge, credential } })
            }}>
              <Trans>Continue with a passkey</Trans>
            </Button>
            {beside}
          </div>
        </div>
      )
    case 'TOTP':
      return (
        <PlainForm onSubmit={(fields) => prove({ totp: fields.text('totp').replaceAll(' ', '') })} submit={<Trans>Continue</Trans>} {...{ busy, trouble, beside }}>
          <Field name="totp" label={t`Code of six digits`} hint={t`Your authenticator app shows it; a new one every 30 seconds.`} inputMode="numeric" autoComplete="one-time-code" isRequired autoFocus />
        </PlainForm>
      )
    case 'RECOVERY_CODE':
      return (
        <PlainForm onSubmit={(fields) => prove({ recoveryCode: fields.text('recoveryCode') })} submit={<Trans>Continue</Trans>} {...{ busy, trouble, beside }}>
          <Field name="recoveryCode" label={t`Recovery code`} hint={t`Each of the ten works once.`} autoComplete="off" isRequired autoFocus />
        </PlainForm>
      )
    case 'PASSWORD':
      return (
        <PlainForm onSubmit={(fields) => prove({ password: fields.raw('password') })} submit={<Trans>Continue</Trans>} {...{ busy, trouble, beside }}>
          {email && <input className="hidden" type="text" autoComplete="username" value={email} readOnly tabIndex={-1} aria-hidden="true" />}
          <PasswordField name="password" label={t`Your password`} autoComplete="current-password" autoFocus />
        </PlainForm>
      )
  }
}
