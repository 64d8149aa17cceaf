import { Trans } from '@lingui/react/macro'
import { useQueryClient } from '@tanstack/react-query'
import { useContext, useState } from 'react'
import { Proving } from '../../shared/api/queries.tsx'
import type { RefusalData, Trouble } from '../../shared/api/refusal.ts'
import { useFormat } from '../../shared/format.ts'
import { Button } from '../../shared/ui/form.tsx'
import { TroubleNote } from '../../shared/ui/trouble.tsx'

/** Fetches the archive after a fresh proof and hands it to the browser; a refusal is shown here, not as a page of JSON. */
export function Download({ url, bytes, provenUntil, fetched }: { url: string; bytes: number | null; provenUntil: string | null; fetched?: () => void }) {
  const format = useFormat()
  const client = useQueryClient()
  const prove = useContext(Proving)
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<Trouble>()

  const fetchIt = async () => {
    setBusy(true)
    setTrouble(undefined)
    try {
      const fresh = provenUntil !== null && Date.parse(provenUntil) > Date.now() + 5000
      if (!fresh && !(await prove('STEP_UP_REQUIRED'))) return
      const { pathname } = new URL(url)
      const answer = await fetch(`${pathname}${new URL(url).search}`, { credentials: 'same-origin' })
      if (!answer.ok) {
        setTrouble({ kind: 'refused', refusal: { ...((await answer.json()) as Omit<RefusalData, '__typename'>), __typename: 'Refusal' } })
        return
      }
      const link = document.createElement('a')
      link.href = URL.createObjectURL(await answer.blob())
      link.download = /filename="?([^";]+)/.exec(answer.headers.get('content-disposition') ?? '')?.[1] ?? 'octopus-copy.zip'
      link.click()
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
      fetched?.()
      await client.invalidateQueries()
    } catch {
      setTrouble({ kind: 'lost' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className="stack tight">
      <Button tone="main" busy={busy} onPress={() => void fetchIt()}><Trans>Download {format.bytes(bytes ?? 0)}</Trans></Button>
      {trouble && <TroubleNote trouble={trouble} />}
    </div>
  )
}
