import { useLingui } from '@lingui/react/macro'
import { useQueryClient } from '@tanstack/react-query'
import { useContext, useRef, useState } from 'react'
import type { Trouble } from '../../../src/shared/api/refusal.ts'
import { troubleOf } from '../api/problems.ts'
import { askAnew, Proving } from '../api/queries.ts'
import { useFormat } from '../format.ts'
import { instant } from '../instant.ts'
import { Button } from '../ui/button.tsx'
import { TroubleNote } from '../ui/trouble.tsx'
import { type Archive, fetchArchive } from './archive.ts'
import { handOver } from './hand-over'

/** Fetches the archive after a fresh proof, once, and hands it to the device; one that was not kept is offered again. */
export function Download({ url, bytes, provenUntil, fetched }: { url: string; bytes: number | null; provenUntil: string | null; fetched: () => void }) {
  const { t } = useLingui()
  const format = useFormat()
  const client = useQueryClient()
  const prove = useContext(Proving)
  const archive = useRef<Archive>(undefined)
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<Trouble>()

  const fetchIt = async () => {
    setBusy(true)
    setTrouble(undefined)
    try {
      if (!archive.current) {
        const fresh = provenUntil !== null && instant(provenUntil) > Date.now() + 5000
        if (!fresh && !(await prove('STEP_UP_REQUIRED'))) return
        archive.current = await fetchArchive(url)
      }
      await handOver(archive.current)
      fetched()
      await askAnew(client)
    } catch (problem) {
      setTrouble(troubleOf(problem))
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Button tone="main" label={t`Download ${format.megabytes(bytes ?? 0)}`} busy={busy} onPress={fetchIt} />
      {trouble && <TroubleNote trouble={trouble} />}
    </>
  )
}
