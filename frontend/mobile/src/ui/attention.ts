import { AccessibilityInfo, type Text } from 'react-native'

/** Let a screen reader begin here. */
export function attend(element: Text | null): void {
  if (element) AccessibilityInfo.sendAccessibilityEvent(element, 'focus')
}

/** Where one was, to come back to; a device knows that by itself. */
export const keepPlace = () => () => undefined
