import { Trans, useLingui } from '@lingui/react/macro'
import { useFormat } from '../../shared/format.ts'
import { Table } from '../../shared/ui/table.tsx'

interface Remaining {
  title: string
  basis: string
  until: string | null
}

/** What stays although the account goes: on which basis, until when. */
export function Remains({ remains }: { remains: readonly Remaining[] }) {
  const { t } = useLingui()
  const format = useFormat()
  if (remains.length === 0) return <p><Trans>Nothing remains.</Trans></p>
  return (
    <Table
      caption={t`What remains`}
      columns={[
        { title: t`What`, cell: (row) => row.title, head: true },
        { title: t`Why`, cell: (row) => row.basis },
        { title: t`Until`, tight: true, cell: (row) => (row.until ? format.date(row.until) : <Trans>without an end</Trans>) },
      ]}
      rows={remains.map((row) => ({ ...row, id: row.title }))}
    />
  )
}
