import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useState } from 'react'
import { View } from 'react-native'
import { askAnew, type Prove, Proving } from '../api/queries.ts'
import { IsItYou } from '../coming/is-it-you.tsx'
import { SignedOut } from '../coming/signed-out.tsx'
import { Delete } from '../leaving/delete.tsx'
import { Copies } from '../leaving/copies.tsx'
import { Overview } from '../overview/overview.tsx'
import { Profile } from '../profile/profile.tsx'
import { Devices } from '../safety/devices.tsx'
import { SignIns } from '../safety/sign-ins.tsx'
import { back } from '../session.ts'
import { keepPlace } from '../ui/attention'
import { Preferences } from '../yours/preferences.tsx'
import { useLiked } from './liked.ts'
import { type Place, usePlace } from './place.ts'
import { useWayBack } from './where'

const SCREENS: Record<Place, () => React.ReactNode> = {
  overview: Overview, profile: Profile, 'sign-ins': SignIns, devices: Devices, preferences: Preferences, copies: Copies, delete: Delete,
}

/**
 * The screens of somebody who is signed in. A question, who is there or to sign in again, stands before the screen that
 * made it; the screen stays as it is behind it, with what was typed.
 */
export function Inside({ over }: { over: boolean }) {
  const client = useQueryClient()
  const place = usePlace()
  const [question, ask] = useState<{ answer: (proven: boolean) => void }>()
  useLiked()
  useWayBack(question !== undefined, () => question?.answer(false))
  useEffect(() => { if (!over) void askAnew(client) }, [client, over])

  const prove = useCallback<Prove>(async (code) => {
    const comeBack = keepPlace()
    const proof = () => new Promise<boolean>((resolve) => ask({ answer: (proven) => { ask(undefined); resolve(proven) } }))
    const proven = await (code === 'NOT_SIGNED_IN' ? back() : proof())
    comeBack()
    return proven
  }, [])

  const Shown = SCREENS[place]
  const covered = over || question !== undefined
  return (
    <Proving value={prove}>
      <View style={{ flex: 1, display: covered ? 'none' : 'flex' }}><Shown key={place} /></View>
      {question && <View style={{ flex: 1, display: over ? 'none' : 'flex' }}><IsItYou answer={question.answer} /></View>}
      {over && <SignedOut />}
    </Proving>
  )
}
