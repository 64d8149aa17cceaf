import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { graphql } from '../../gql/customer'
import { useAct } from '../../shared/api/queries.tsx'
import { later } from '../../shared/arriving.tsx'
import { CancelButton, DialogButton } from '../../shared/ui/dialog.tsx'
import { ActForm, Button, Field } from '../../shared/ui/form.tsx'
import { Card, Tag } from '../../shared/ui/parts.tsx'
import { TroubleNote } from '../../shared/ui/trouble.tsx'
import { Codes } from './codes.tsx'

const BeginTotp = graphql(`
  mutation BeginTotp { beginTotp { ... on TotpBegun { __typename secret uri } ...Refused } }
`)
const ConfirmTotp = graphql(`
  mutation ConfirmTotp($code: String!) { confirmTotp(code: $code) { ... on TotpEnabled { __typename recoveryCodes } ...Refused } }
`)
const DisableTotp = graphql(`
  mutation DisableTotp { disableTotp { ... on TotpDisabled { __typename at } ...Refused } }
`)

const QrCode = later(() => import('../../shared/ui/qr-code.tsx').then((found) => found.QrCode))

export function AuthenticatorApp({ enabled }: { enabled: boolean }) {
  const { t } = useLingui()
  const begin = useAct(BeginTotp)
  const [begun, setBegun] = useState<{ secret: string; uri: string }>()
  const [codes, setCodes] = useState<readonly string[]>()
  return (
    <Card title={<Trans>Authenticator app</Trans>} actions={enabled ? <Tag tone="good"><Trans>on</Trans></Tag> : <Tag><Trans>off</Trans></Tag>}>
      <p><Trans>An app on your phone shows a code of six digits, a new one every 30 seconds, and we ask for it after your password.</Trans></p>
      {codes && <Codes codes={codes} />}
      {begin.trouble && <TroubleNote trouble={begin.trouble} />}
      {begun ? (
        <>
          <p><Trans>Scan this with the app, or type the key into it:</Trans></p>
          <QrCode text={begun.uri} />
          <p><code>{begun.secret.match(/.{1,4}/g)?.join(' ')}</code></p>
          <ActForm
            document={ConfirmTotp}
            variables={(fields) => ({ code: fields.text('code').replaceAll(' ', '') })}
            done={(found) => { setCodes(found.recoveryCodes); setBegun(undefined) }}
            submit={<Trans>Turn it on</Trans>}
            beside={<Button tone="plain" onPress={() => setBegun(undefined)}><Trans>Cancel</Trans></Button>}
          >
            <Field name="code" label={t`The code it shows now`} inputMode="numeric" autoComplete="one-time-code" isRequired autoFocus />
          </ActForm>
        </>
      ) : (
        <div className="actions">
          {enabled ? <Disable /> : <Button busy={begin.busy} onPress={async () => setBegun(await begin.act({}))}><Trans>Set it up</Trans></Button>}
        </div>
      )}
    </Card>
  )
}

function Disable() {
  const { act, busy, trouble } = useAct(DisableTotp)
  return (
    <DialogButton label={<Trans>Turn it off</Trans>} title={<Trans>Turn the app off?</Trans>}>
      {(close) => (
        <>
          <p><Trans>Its codes will no longer be asked for, nor accepted.</Trans></p>
          {trouble && <TroubleNote trouble={trouble} />}
          <div className="actions">
            <Button tone="danger" busy={busy} onPress={async () => { if (await act({})) close() }}><Trans>Turn it off</Trans></Button>
            <CancelButton close={close} />
          </div>
        </>
      )}
    </DialogButton>
  )
}
