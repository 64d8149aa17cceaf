import { Trans, useLingui } from '@lingui/react/macro'
import { graphql } from '../../gql/customer'
import { CancelButton, DialogButton } from '../../shared/ui/dialog.tsx'
import { ActForm, Field } from '../../shared/ui/form.tsx'

const RenameNow = graphql(`
  mutation Rename($id: ID!, $label: String!) { rename(id: $id, label: $label) { ... on Renamed { __typename node { id } } ...Refused } }
`)

/** The customer's own name for a device, a passkey or a payment method. */
export function Rename({ id, label }: { id: string; label: string }) {
  const { t } = useLingui()
  return (
    <DialogButton small tone="plain" label={<Trans>Rename</Trans>} name={t`Rename ${label}`} title={<Trans>Rename</Trans>}>
      {(close) => (
        <ActForm document={RenameNow} variables={(fields) => ({ id, label: fields.text('label') })} done={close} submit={<Trans>Save</Trans>} beside={<CancelButton close={close} />}>
          <Field name="label" label={t`Name`} defaultValue={label} isRequired autoFocus />
        </ActForm>
      )}
    </DialogButton>
  )
}
