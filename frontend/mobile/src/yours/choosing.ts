import { useRef, useState } from 'react'
import { useAct } from '../api/queries.ts'
import { AppSetPreferences } from '../gql/documents.ts'
import type { SetPreferencesInput } from '../gql/types.ts'

/** Every choice shows at once and is told in its turn, however quickly the next one follows; one that was not taken goes back. */
export function useChoosing() {
  const { act, busy, trouble } = useAct(AppSetPreferences)
  const [ahead, setAhead] = useState<SetPreferencesInput>({})
  const line = useRef(Promise.resolve())
  const waiting = useRef(0)
  const set = (input: SetPreferencesInput) => {
    setAhead((before) => ({ ...before, ...input }))
    waiting.current += 1
    line.current = line.current.then(async () => {
      await act({ input })
      waiting.current -= 1
      if (waiting.current === 0) setAhead({})
    })
  }
  return { ahead, set, busy, trouble }
}
