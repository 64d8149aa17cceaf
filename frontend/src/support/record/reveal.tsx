import { Trans, useLingui } from '@lingui/react/macro'
import { createContext, type PropsWithChildren, useContext, useState } from 'react'
import { graphql } from '../../gql/support'
import { useAct } from '../../shared/api/queries.tsx'
import { Button } from '../../shared/ui/form.tsx'
import { TroubleNote } from '../../shared/ui/trouble.tsx'

const RevealValue = graphql(`
  mutation Reveal($grantId: ID!, $refs: [ID!]!) {
    reveal(grantId: $grantId, refs: $refs) { ... on Revealed { __typename values { ref value } } ...Refused }
  }
`)
/** Spread wherever a masked value is shown. */
export const Masked = graphql(`
  fragment Masked_Value on MaskedValue { masked present ref }
`)

/** What was revealed lives in memory only, and goes with the grant or when it is hidden. */
const Revealed = createContext<{ grant: string; values: Map<string, string | null>; set: (ref: string, value: string | null | undefined) => void }>({ grant: '', values: new Map(), set: () => undefined })

export function RevealedProvider({ grant, children }: PropsWithChildren<{ grant: string }>) {
  const [values, setValues] = useState(() => new Map<string, string | null>())
  const set = (ref: string, value: string | null | undefined) =>
    setValues((before) => {
      const now = new Map(before)
      if (value === undefined) now.delete(ref)
      else now.set(ref, value)
      return now
    })
  return <Revealed value={{ grant, values, set }}>{children}</Revealed>
}

interface ValueProps {
  value: { masked: string; present: boolean; ref: string | null }
  /** What it is, for the button's name. */
  name: string
}

/** A value as the role sees it; one click shows it, and is recorded; another hides it again. */
export function Value({ value, name }: ValueProps) {
  const { t } = useLingui()
  const { grant, values, set } = useContext(Revealed)
  const { act, busy, trouble } = useAct(RevealValue)
  const { ref } = value
  if (!value.present) return <span className="quiet-text">—</span>
  if (ref && values.has(ref)) {
    return (
      <span className="masked">
        <span className="revealed" role="status">{values.get(ref) ?? '—'}</span>
        <Button small tone="plain" aria-label={t`Hide: ${name}`} onPress={() => set(ref, undefined)}><Trans>Hide</Trans></Button>
      </span>
    )
  }
  return (
    <span className="masked">
      <span>{value.masked}</span>
      {ref && (
        <Button small busy={busy} aria-label={t`Reveal: ${name}`} onPress={async () => {
          const found = await act({ grantId: grant, refs: [ref] })
          for (const one of found?.values ?? []) set(one.ref, one.value)
        }}>
          <Trans>Reveal</Trans>
        </Button>
      )}
      {trouble && <TroubleNote trouble={trouble} />}
    </span>
  )
}
