import { Trans } from '@lingui/react/macro'
import { Button } from '../../shared/ui/form.tsx'
import { Note } from '../../shared/ui/parts.tsx'

/** Shown once: to be written down, printed or saved. */
export function Codes({ codes }: { codes: readonly string[] }) {
  const save = () => {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([`${codes.join('\n')}\n`], { type: 'text/plain' }))
    link.download = 'recovery-codes.txt'
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 1000)
  }
  return (
    <Note tone="warn" live title={<Trans>Keep these codes where you keep papers: we show them only now.</Trans>}>
      <ul className="codes">{codes.map((one) => <li key={one}>{one}</li>)}</ul>
      <div className="actions"><Button small onPress={save}><Trans>Save as a file</Trans></Button></div>
    </Note>
  )
}
