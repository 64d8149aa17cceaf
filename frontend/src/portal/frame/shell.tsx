import { Trans } from '@lingui/react/macro'
import { Link, useLocation, useNavigate } from '@tanstack/react-router'
import { useQueryClient } from '@tanstack/react-query'
import { type PropsWithChildren, useEffect, useState } from 'react'
import { graphql } from '../../gql/customer'
import type { SetPreferencesInput, WhoIsInQuery } from '../../gql/customer/graphql.ts'
import { tell } from '../../shared/api/connection.ts'
import { useAct } from '../../shared/api/queries.tsx'
import { liveIn } from '../../shared/format.ts'
import { speak } from '../../shared/i18n.ts'
import { choose, cookieChoice, keepChoice } from '../../shared/keep.ts'
import { type Theme, wear } from '../../shared/theme.ts'
import { later } from '../../shared/arriving.tsx'
import { Button } from '../../shared/ui/form.tsx'
import { LanguageSwitch, ThemeSwitch } from '../../shared/ui/switches.tsx'
import { Foot } from './outside.tsx'
import { Mark } from '../../shared/ui/mark.tsx'
import { Nav } from './nav.tsx'

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
  useLiked(viewer, keep.act)
  return (
    <div className="inside-frame">
      <header className="top">
        <Link to="/" className="brand"><Mark /> Octopus <span><Trans>Accounts</Trans></span></Link>
        <div className="row">
          <span className="wide row">
            <ThemeSwitch chosen={(theme) => void keep.act({ input: { theme: UPPER[theme] } })} />
            <LanguageSwitch chosen={(language) => void keep.act({ input: { locale: language === 'lv' ? 'LV' : 'EN' } })} />
          </span>
          <span className="wide"><SignOutButton /></span>
          <span className="slim"><Button onPress={() => openMenu(true)}><Trans>Menu</Trans></Button></span>
        </div>
      </header>
      <div className="frame">
        <aside className="side"><Nav unread={viewer.unreadMessages} /></aside>
        <main id="main" tabIndex={-1}>{children}</main>
      </div>
      <Foot />
      {menu && (
        <Drawer close={() => openMenu(false)} unread={viewer.unreadMessages}>
          <ThemeSwitch chosen={(theme) => void keep.act({ input: { theme: UPPER[theme] } })} />
          <LanguageSwitch chosen={(language) => void keep.act({ input: { locale: language === 'lv' ? 'LV' : 'EN' } })} />
          <SignOutButton />
        </Drawer>
      )}
    </div>
  )
}

const UPPER = { system: 'SYSTEM', light: 'LIGHT', dark: 'DARK' } as const

/** What the customer likes, on whichever device; and the choice of cookies, wherever it was made first. */
function useLiked({ preferences }: ViewerData, keep: (variables: { input: SetPreferencesInput }) => Promise<unknown>) {
  const { locale, theme, timeZone, cookies } = preferences
  useEffect(() => void speak(locale === 'LV' ? 'lv' : 'en').catch(() => tell(false)), [locale])
  useEffect(() => wear(theme.toLowerCase() as Theme), [theme])
  useEffect(() => liveIn(timeZone), [timeZone])
  const { decidedAt } = cookies
  useEffect(() => {
    const here = cookieChoice()
    if (decidedAt) choose({ preferences: cookies.preferences, statistics: cookies.statistics, advertising: cookies.advertising })
    else if (here) void keep({ input: { cookies: here } })
  }, [decidedAt, cookies.preferences, cookies.statistics, cookies.advertising, keep])
}

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
