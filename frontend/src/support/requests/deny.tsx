import { Trans, useLingui } from '@lingui/react/macro'
import { graphql } from '../../gql/support'
import { CancelButton, DialogButton } from '../../shared/ui/dialog.tsx'
import { ActForm, Field } from '../../shared/ui/form.tsx'

const DenyRequest = graphql(`
  mutation DenyRequest($requestId: ID!, $reason: String!) {
    denyRequest(requestId: $requestId, reason: $reason) { ... on RequestUpdated { __typename request { id } } ...Refused }
  }
`)

export function Deny({ request }: { request: { id: string } }) {
  const { t } = useLingui()
  return (
    <div className="actions">
      <DialogButton tone="quiet" label={<Trans>Deny the request</Trans>} title={<Trans>Deny the request</Trans>}>
        {(close) => (
          <>
            <p><Trans>The customer gets a letter with the reason, and with the authorities they can complain to.</Trans></p>
            <ActForm document={DenyRequest} tone="danger" submit={<Trans>Deny</Trans>} beside={<CancelButton close={close} />} done={close} variables={(fields) => ({ requestId: request.id, reason: fields.text('reason') })}>
              <Field name="reason" label={t`Reason`} hint={t`In plain words; it is sent as you write it.`} lines={4} isRequired />
            </ActForm>
          </>
        )}
      </DialogButton>
    </div>
  )
}
