/** Let a screen reader, and the keyboard, begin here. */
export function attend(element: unknown): void {
  if (element instanceof HTMLElement) element.focus({ preventScroll: true })
}

/** Where the keyboard was, to come back to once that is shown again. */
export function keepPlace(): () => void {
  const was = document.activeElement
  return () => {
    requestAnimationFrame(() => { if (was instanceof HTMLElement && was.isConnected) was.focus() })
  }
}
