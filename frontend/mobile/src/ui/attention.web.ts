/** Let a screen reader, and the keyboard, begin here. */
export function attend(element: unknown): void {
  if (element instanceof HTMLElement) element.focus({ preventScroll: true })
}
