import { I18nProvider } from '@lingui/react'
import { QueryClientProvider, useQueryClient } from '@tanstack/react-query'
import { type PropsWithChildren, useEffect, useState } from 'react'
import { StatusBar, View } from 'react-native'
import { SafeAreaProvider } from 'react-native-safe-area-context'
import { askAnew, makeClient } from '../api/queries.ts'
import { SignIn } from '../coming/sign-in.tsx'
import { i18n } from '../i18n.ts'
import { Closed } from '../leaving/closed.tsx'
import { Secured } from '../safety/secured.tsx'
import { open, useSession } from '../session.ts'
import { useColours, useDark } from '../ui/look.ts'
import { NotYet } from '../ui/parts.tsx'
import { Inside } from './inside.tsx'

export function App() {
  const [client] = useState(makeClient)
  return (
    <SafeAreaProvider>
      <QueryClientProvider client={client}>
        <I18nProvider i18n={i18n}>
          <Ground><Whole /></Ground>
        </I18nProvider>
      </QueryClientProvider>
    </SafeAreaProvider>
  )
}

function Ground({ children }: PropsWithChildren) {
  const dark = useDark()
  return (
    <View style={{ flex: 1, backgroundColor: useColours().ground }}>
      <StatusBar barStyle={dark ? 'light-content' : 'dark-content'} />
      {children}
    </View>
  )
}

/** What fits who is here. Nothing of one person's is left for the next. */
function Whole() {
  const client = useQueryClient()
  const session = useSession()
  const round = session.state === 'in' ? session.round : undefined
  useEffect(() => void open(), [])
  useEffect(() => () => client.clear(), [client, round])
  useEffect(() => i18n.on('change', () => void askAnew(client)), [client])
  switch (session.state) {
    case 'opening':
      return <NotYet trouble={undefined} again={() => undefined} />
    case 'out':
      return <SignIn />
    case 'in':
      return <Inside key={session.round} over={session.over} />
    case 'closed':
      return <Closed told={session.told} />
    case 'secured':
      return <Secured message={session.message} />
  }
}
