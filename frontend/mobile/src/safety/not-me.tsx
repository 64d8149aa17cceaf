import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { useAct } from '../api/queries.ts'
import { useFormat } from '../format.ts'
import { AppReportSignIn } from '../gql/documents.ts'
import { secured } from '../session.ts'
import { Button } from '../ui/button.tsx'
import { Note } from '../ui/parts.tsx'
import { P } from '../ui/text.tsx'
import { TroubleNote } from '../ui/trouble.tsx'

/** Ends every session, this one too, so the answer is told on a screen for everybody. */
export function NotMe({ id, at }: { id: string; at: string }) {
  const { t } = useLingui()
  const format = useFormat()
  const [open, setOpen] = useState(false)
  const { act, busy, trouble } = useAct(AppReportSignIn, { last: true })
  if (!open) return <Button small label={t`This was not me`} name={t`This was not me: ${format.dateTime(at)}`} onPress={() => setOpen(true)} />
  return (
    <Note tone="warn" title={t`Secure your account?`}>
      <P><Trans>Everybody is signed out at once, you too, and nothing can be changed until you have set a new password. We send you a letter with a link for that.</Trans></P>
      {trouble && <TroubleNote trouble={trouble} />}
      <Button tone="danger" label={t`Secure my account`} busy={busy} onPress={async () => {
        const found = await act({ id })
        if (found) await secured(found.message)
      }} />
      <Button tone="plain" label={t`Cancel`} onPress={() => setOpen(false)} />
    </Note>
  )
}
