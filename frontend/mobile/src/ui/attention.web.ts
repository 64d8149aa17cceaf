/** Let a screen reader, and the keyboard, begin here. */
export function attend(element: unknown): void {
  if (element instanceof HTMLElement) element.focus({ preventScroll: true })
}

/** A browser reads live regions by itself. */
export const announce = (_words: string): void => undefined

/** Where the keyboard was, to come back to once that is shown again. */
export function keepPlace(): () => void {
  const was = document.activeElement
  return () => {
    requestAnimationFrame(() => { if (was instanceof HTMLElement && was.isConnected) was.focus() })
  }
}
