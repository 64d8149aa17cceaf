import { Trans } from '@lingui/react/macro'
import { Link, useLocation, useNavigate } from '@tanstack/react-router'
import { useQueryClient } from '@tanstack/react-query'
import { type PropsWithChildren, useState } from 'react'
import { graphql } from '../../gql/customer'
import type { WhoIsInQuery } from '../../gql/customer/graphql.ts'
import { useAct } from '../../shared/api/queries.tsx'
import { keepChoice } from '../../shared/keep.ts'
import { later } from '../../shared/arriving.tsx'
import { Button } from '../../shared/ui/form.tsx'
import { LanguageSwitch, ThemeSwitch } from '../../shared/ui/switches.tsx'
import { useLiked } from './liked.ts'
import { Foot } from './outside.tsx'
import { Mark } from '../../shared/ui/mark.tsx'
import { Nav } from './nav.tsx'
import { useWide } from './wide.ts'

const Drawer = later(() => import('./drawer.tsx').then((found) => found.Drawer), ({ close }) => close())

const SignOut = graphql(`
  mutation SignOut { signOut { ... on SignedOut { __typename at } ...Refused } }
`)
const KeepChoices = graphql(`
  mutation KeepChoices($input: SetPreferencesInput!) {
    setPreferences(input: $input) { ... on PreferencesSet { __typename preferences { updatedAt } } ...Refused }
  }
`)

export type ViewerData = NonNullable<WhoIsInQuery['viewer']>

/** Around a customer's own pages: where one is, where one can go, and the way out. */
export function Shell({ viewer, children }: PropsWithChildren<{ viewer: ViewerData }>) {
  const [menu, openMenu] = useState(false)
  const keep = useAct(KeepChoices)
  const path = useLocation({ select: (location) => location.pathname })
  const [shownFor, setShownFor] = useState(path)
  if (shownFor !== path) {
    setShownFor(path)
    openMenu(false)
  }
  useLiked(viewer.preferences, keep.act)
  const wide = useWide()
  const switches = (
    <>
      <ThemeSwitch chosen={(theme) => void keep.act({ input: { theme: UPPER[theme] } })} />
      <LanguageSwitch chosen={(language) => void keep.act({ input: { locale: language === 'lv' ? 'LV' : 'EN' } })} />
      <SignOutButton />
    </>
  )
  return (
    <div className="inside-frame">
      <header className="top">
        <Link to="/" className="brand"><Mark /> Octopus <span><Trans>Accounts</Trans></span></Link>
        <div className="row">
          {wide ? switches : <Button onPress={() => openMenu(true)}><Trans>Menu</Trans></Button>}
        </div>
      </header>
      <div className="frame">
        {wide && <aside className="side"><Nav unread={viewer.unreadMessages} /></aside>}
        <main id="main" tabIndex={-1}>{children}</main>
      </div>
      <Foot />
      {menu && !wide && <Drawer close={() => openMenu(false)} unread={viewer.unreadMessages}>{switches}</Drawer>}
    </div>
  )
}

const UPPER = { system: 'SYSTEM', light: 'LIGHT', dark: 'DARK' } as const

function SignOutButton() {
  const { act, busy } = useAct(SignOut, { last: true })
  const client = useQueryClient()
  const go = useNavigate()
  return (
    <Button tone="plain" busy={busy} onPress={async () => {
      if (!(await act({}))) return
      keepChoice()
      await go({ to: '/sign-in' })
      client.clear()
    }}>
      <Trans>Sign out</Trans>
    </Button>
  )
}
