import { useEffect, useEffectEvent } from 'react'
import { BackHandler } from 'react-native'
import { go, home, type Place, place } from './place.ts'

/** Android's own way back answers a question with no, else leads to the overview, and from there out of the app. */
export function useWayBack(asked: boolean, no: () => void): void {
  const back = useEffectEvent(() => {
    if (asked) no()
    else if (place() === 'overview') return false
    else home()
    return true
  })
  useEffect(() => {
    const bound = BackHandler.addEventListener('hardwareBackPress', back)
    return () => bound.remove()
  }, [])
}

/** What makes a link of something pressed. */
export const wayTo = (next: Place) => ({ onPress: () => go(next) })
