import { useLingui } from '@lingui/react/macro'
import { encode } from 'uqr'

/** Black on white in both themes, for cameras. */
export function QrCode({ text }: { text: string }) {
  const { t } = useLingui()
  const { data, size } = encode(text, { border: 0 })
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('')
  return <svg className="qr" viewBox={`-1 -1 ${size + 2} ${size + 2}`} role="img" aria-label={t`Code to scan with the app`}><path d={path} fill="#000" /></svg>
}
