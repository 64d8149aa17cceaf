import { Trans } from '@lingui/react/macro'
import { useState } from 'react'
import { graphql } from '../../gql/customer'
import { useAct } from '../../shared/api/queries.tsx'
import { Button } from '../../shared/ui/form.tsx'
import { TroubleNote } from '../../shared/ui/trouble.tsx'

const Reveal = graphql(`
  mutation RevealPersonalCode { revealPersonalCode { ... on PersonalCodeRevealed { __typename personalCode } ...Refused } }
`)

/** Masked until a fresh proof, and hidden again when one leaves the page. */
export function PersonalCode({ masked }: { masked: string }) {
  const { act, busy, trouble } = useAct(Reveal)
  const [shown, show] = useState<string>()
  return (
    <span className="stack tight">
      <span className="row">
        <code>{shown ?? masked}</code>
        {shown ? <Button small onPress={() => show(undefined)}><Trans>Hide</Trans></Button>
          : <Button small busy={busy} onPress={async () => show((await act({}))?.personalCode)}><Trans>Show it whole</Trans></Button>}
      </span>
      {trouble && <TroubleNote trouble={trouble} />}
    </span>
  )
}
