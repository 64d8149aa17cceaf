import { AccessibilityInfo, Platform, type Text } from 'react-native'

/** Let a screen reader begin here. */
export function attend(element: Text | null): void {
  if (element) AccessibilityInfo.sendAccessibilityEvent(element, 'focus')
}

/** iOS knows no live regions: what others read by themselves is said there. */
export function announce(words: string): void {
  if (Platform.OS === 'ios') AccessibilityInfo.announceForAccessibility(words)
}

/** Where one was, to come back to; a device knows that by itself. */
export const keepPlace = () => () => undefined
