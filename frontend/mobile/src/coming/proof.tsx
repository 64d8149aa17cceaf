import { Trans, useLingui } from '@lingui/react/macro'
import { type ReactNode, useState } from 'react'
import type { Trouble } from '../../../src/shared/api/refusal.ts'
import type { FactorProof, SignInMethod } from '../gql/types.ts'
import { Button } from '../ui/button.tsx'
import { Field, PasswordField } from '../ui/fields.tsx'
import { Form } from '../ui/form.tsx'
import { Note } from '../ui/parts.tsx'
import { P } from '../ui/text.tsx'
import { WebsiteLink } from '../ui/website-link.tsx'

interface ProofProps {
  methods: readonly SignInMethod[]
  prove: (proof: FactorProof) => unknown
  busy: boolean
  trouble: Trouble | undefined
  beside?: ReactNode
}

/** A proof of who is there, by whichever of the offered ways the person likes; the strongest first. */
export function Proof({ methods, beside, ...more }: ProofProps) {
  const { t } = useLingui()
  const ways = methods.filter((one) => one !== 'PASSKEY')
  const [method, choose] = useState(ways[0])
  const names: Record<SignInMethod, string> = { PASSKEY: '', TOTP: t`Use the code of my app`, RECOVERY_CODE: t`Use a recovery code`, PASSWORD: t`Use my password` }
  if (!method) {
    return (
      <Note tone="warn" title={t`Your passkey is needed`}>
        <P><Trans>This account asks for a passkey, which this app cannot use yet. Do it on our website.</Trans></P>
        <WebsiteLink path="/" label={t`To the website`} />
        {beside}
      </Note>
    )
  }
  return (
    <>
      <Way {...more} method={method} key={method} />
      {ways.filter((one) => one !== method).map((one) => <Button key={one} tone="plain" label={names[one]} onPress={() => choose(one)} />)}
      {beside}
    </>
  )
}

function Way({ method, prove, busy, trouble }: Omit<ProofProps, 'methods' | 'beside'> & { method: SignInMethod }) {
  const { t } = useLingui()
  const form = { submit: t`Continue`, busy, trouble }
  switch (method) {
    case 'TOTP':
      return (
        <Form {...form} begin={{ totp: '' }} send={({ totp = '' }) => prove({ totp: totp.replaceAll(' ', '') })}>
          <Field name="totp" label={t`Code of six digits`} hint={t`Your authenticator app shows it; a new one every 30 seconds.`} inputMode="numeric" autoComplete="one-time-code" />
        </Form>
      )
    case 'RECOVERY_CODE':
      return (
        <Form {...form} begin={{ recoveryCode: '' }} send={({ recoveryCode = '' }) => prove({ recoveryCode: recoveryCode.trim() })}>
          <Field name="recoveryCode" label={t`Recovery code`} hint={t`Each of the ten works once.`} autoCapitalize="none" autoCorrect={false} autoComplete="off" />
        </Form>
      )
    case 'PASSKEY':
    case 'PASSWORD':
      return (
        <Form {...form} begin={{ password: '' }} send={({ password = '' }) => prove({ password })}>
          <PasswordField name="password" label={t`Your password`} autoComplete="current-password" />
        </Form>
      )
  }
}
