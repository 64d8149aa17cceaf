import type { Archive } from './archive.ts'

/** The browser keeps it where it keeps downloads. */
export function handOver({ name, bytes }: Archive): Promise<void> {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([bytes], { type: 'application/zip' }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
  return Promise.resolve()
}
