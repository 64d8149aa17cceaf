import { Trans, useLingui } from '@lingui/react/macro'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { graphql } from '../../gql/customer'
import { useAct } from '../../shared/api/queries.tsx'
import { useFormat } from '../../shared/format.ts'
import { CancelButton, DialogButton } from '../../shared/ui/dialog.tsx'
import { Button } from '../../shared/ui/form.tsx'
import { TroubleNote } from '../../shared/ui/trouble.tsx'

const ReportSignIn = graphql(`
  mutation ReportSignIn($id: ID!) {
    reportSignIn(by: { id: $id }) { ... on AccountSecured { __typename sessionsEnded message } ...Refused }
  }
`)

/** Ends every session, this one too, so the answer is told on a page for everybody. */
export function NotMe({ id, at }: { id: string; at: string }) {
  const { t } = useLingui()
  const format = useFormat()
  const client = useQueryClient()
  const go = useNavigate()
  const { act, busy, trouble } = useAct(ReportSignIn, { last: true })
  return (
    <DialogButton small label={<Trans>This was not me</Trans>} name={t`This was not me: ${format.dateTime(at)}`} title={<Trans>Secure your account?</Trans>}>
      {(close) => (
        <>
          <p><Trans>Everybody is signed out at once, you too, and nothing can be changed until you have set a new password. We send you a letter with a link for that.</Trans></p>
          {trouble && <TroubleNote trouble={trouble} />}
          <div className="actions">
            <Button tone="danger" busy={busy} onPress={async () => {
              if (!(await act({ id }))) return
              await go({ to: '/secured' })
              client.clear()
            }}>
              <Trans>Secure my account</Trans>
            </Button>
            <CancelButton close={close} />
          </div>
        </>
      )}
    </DialogButton>
  )
}
