import { Trans, useLingui } from '@lingui/react/macro'
import { graphql } from '../gql/support'
import { useAct } from '../shared/api/queries.tsx'
import { Button } from '../shared/ui/form.tsx'
import { TroubleNote } from '../shared/ui/trouble.tsx'
import { useMe } from './me.ts'

const AssignWork = graphql(`
  mutation Assign($id: ID!, $staffId: ID) {
    assign(id: $id, staffId: $staffId) { ... on Assigned { __typename assignedTo { id } } ...Refused }
  }
`)

/** Take it, or put it back for everybody. */
export function Assign({ id, now }: { id: string; now: { id: string; name: string } | null }) {
  const { t } = useLingui()
  const me = useMe()
  const { act, busy, trouble } = useAct(AssignWork)
  return (
    <span className="row">
      <span>{now?.name ?? t`Nobody`}</span>
      {now?.id !== me.id && <Button small busy={busy} onPress={() => void act({ id, staffId: me.id })}><Trans>Take it</Trans></Button>}
      {now && <Button small tone="plain" busy={busy} onPress={() => void act({ id, staffId: null })}><Trans>Put it back</Trans></Button>}
      {trouble && <TroubleNote trouble={trouble} />}
    </span>
  )
}
