import { useLingui } from '@lingui/react/macro'
import { type ReactNode, useState } from 'react'
import { useAct } from '../api/queries.ts'
import { AppCompleteSignIn, AppSignIn } from '../gql/documents.ts'
import type { AppSignInMutation, SignInMethod } from '../gql/types.ts'
import { closed, signedIn } from '../session.ts'
import { Button } from '../ui/button.tsx'
import { Field, PasswordField } from '../ui/fields.tsx'
import { Form } from '../ui/form.tsx'
import { H2 } from '../ui/text.tsx'
import { deviceName } from './device.ts'
import { Proof } from './proof.tsx'

type Found = Exclude<AppSignInMutation['signIn'], { __typename: 'Refusal' }>

/** A password, then a second factor where one is asked for. */
export function SignInSteps({ beside }: { beside?: ReactNode }) {
  const { t } = useLingui()
  const [asked, ask] = useState<{ challenge: string; methods: readonly SignInMethod[] }>()
  const first = useAct(AppSignIn, { last: true })
  const second = useAct(AppCompleteSignIn, { last: true })
  const next = async (found: Found | undefined) => {
    if (found?.__typename === 'SecondFactorRequired') ask(found)
    else if (found?.__typename === 'AccountClosed') await closed({ closure: found.closure })
    else if (found?.customer && found.tokens) await signedIn(found.customer.id, found.tokens, found.deviceToken)
  }
  return (
    <>
      {asked && (
        <>
          <H2>{t`One more step`}</H2>
          <Proof
            methods={asked.methods} busy={second.busy} trouble={second.trouble}
            prove={async (proof) => next(await second.act({ challenge: asked.challenge, proof }))}
            beside={<Button tone="plain" label={t`Back`} onPress={() => { second.clear(); ask(undefined) }} />}
          />
        </>
      )}
      {!asked && (
        <Form
          begin={{ email: '', password: '' }} submit={t`Sign in`} busy={first.busy} trouble={first.trouble} beside={beside}
          send={async ({ email = '', password = '' }) => next(await first.act({ email: email.trim(), password, label: deviceName() }))}
        >
          <Field name="email" label={t`E-mail address`} inputMode="email" autoCapitalize="none" autoCorrect={false} autoComplete="username" />
          <PasswordField name="password" label={t`Password`} autoComplete="current-password" />
        </Form>
      )}
    </>
  )
}
