import { Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import type { QueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { graphql } from '../../gql/customer'
import type { AdTopic, ConsentDecision, ConsentPurpose, ConsentsPageQuery, Locale, SetPreferencesInput, Theme } from '../../gql/customer/graphql.ts'
import { askingPages, useAskPages } from '../../shared/api/pages.ts'
import { asking, useAct, useAsk } from '../../shared/api/queries.tsx'
import { useFormat } from '../../shared/format.ts'
import { choose } from '../../shared/keep.ts'
import { Choice, Radios, Tick } from '../../shared/ui/form.tsx'
import { Card, Empty, Page, Tag } from '../../shared/ui/parts.tsx'
import { More, Table } from '../../shared/ui/table.tsx'
import { TroubleNote } from '../../shared/ui/trouble.tsx'

const PreferencesPage = graphql(`
  query PreferencesPage {
    viewer {
      id
      preferences { locale timeZone theme newsByEmail personalisedContent personalisedAds adTopics updatedAt cookies { preferences statistics advertising decidedAt } }
    }
  }
`)
const SetPreferences = graphql(`
  mutation SetPreferences($input: SetPreferencesInput!) {
    setPreferences(input: $input) { ... on PreferencesSet { __typename preferences { updatedAt } } ...Refused }
  }
`)
const ConsentsPage = graphql(`
  query ConsentsPage($after: String) {
    viewer { id consents(first: 20, after: $after) { nodes { id purpose decision policyVersion at } pageInfo { hasNextPage endCursor } } }
  }
`)

const decided = (page: ConsentsPageQuery) => page.viewer?.consents

/** Each choice counts at once: there is no button to forget. */
export function Preferences() {
  const { t } = useLingui()
  const { viewer } = useAsk(PreferencesPage, {})
  const { ahead, set, busy, trouble } = useChoosing()
  if (!viewer) return null
  const now = { ...viewer.preferences, ...ahead } as typeof viewer.preferences
  const topics: Record<AdTopic, string> = { HOSTING: t`Hosting`, DOMAINS: t`Domains`, EMAIL: t`E-mail`, SECURITY: t`Security`, DEVELOPER_TOOLS: t`Tools for developers` }
  const cookies = (change: Partial<Record<'preferences' | 'statistics' | 'advertising', boolean>>) => {
    const made = { preferences: now.cookies.preferences, statistics: now.cookies.statistics, advertising: now.cookies.advertising, ...change }
    choose(made)
    set({ cookies: made })
  }
  const zones = Intl.supportedValuesOf('timeZone').filter((zone) => zone.startsWith('Europe/') || zone === now.timeZone)
  return (
    <Page title={t`Preferences`} lead={<Trans>Every choice counts at once and can be taken back as easily.</Trans>}>
      {trouble && <TroubleNote trouble={trouble} />}
      <div className="hidden" role="status">{busy ? t`Saving` : ''}</div>
      <Card title={<Trans>Language and appearance</Trans>}>
        <Radios row label={t`Language of pages and letters`} name="locale" value={now.locale} onChange={(locale) => set({ locale: locale as Locale })} options={[['EN', 'English'], ['LV', 'Latviešu']]} />
        <Radios row label={t`Appearance`} name="theme" value={now.theme} onChange={(theme) => set({ theme: theme as Theme })} options={[['SYSTEM', t`Automatic`], ['LIGHT', t`Light`], ['DARK', t`Dark`]]} />
        <Choice label={t`Time zone`} name="timeZone" value={now.timeZone} onChange={(timeZone) => set({ timeZone })} options={(zones.includes(now.timeZone) ? zones : [now.timeZone, ...zones]).map((zone) => [zone, zone.replaceAll('_', ' ')])} />
      </Card>
      <Card title={<Trans>What we may send and show you</Trans>}>
        <Tick isSelected={now.newsByEmail} onChange={(newsByEmail) => set({ newsByEmail })} hint={t`At most a few a month; each has a link to stop them.`}><Trans>News by e-mail</Trans></Tick>
        <Tick isSelected={now.personalisedContent} onChange={(personalisedContent) => set({ personalisedContent })} hint={t`Chosen by the services you have.`}><Trans>Content chosen for me</Trans></Tick>
        <Tick isSelected={now.personalisedAds} onChange={(personalisedAds) => set({ personalisedAds })} hint={t`Ours only, by the topics below; nobody else learns of it.`}><Trans>Offers chosen for me</Trans></Tick>
        <fieldset>
          <legend><Trans>Topics that interest me</Trans></legend>
          {Object.entries(topics).map(([topic, name]) => (
            <Tick
              key={topic} isSelected={now.adTopics.includes(topic as AdTopic)}
              onChange={(on) => set({ adTopics: on ? [...now.adTopics, topic as AdTopic] : now.adTopics.filter((one) => one !== topic) })}
            >{name}</Tick>
          ))}
        </fieldset>
      </Card>
      <Card title={<Trans>Cookies and storage in this browser</Trans>}>
        <Tick isSelected={now.cookies.preferences} onChange={(preferences) => cookies({ preferences })} hint={t`Language and appearance, remembered in this browser.`}><Trans>Preferences</Trans></Tick>
        <Tick isSelected={now.cookies.statistics} onChange={(statistics) => cookies({ statistics })} hint={t`We use none today.`}><Trans>Statistics</Trans></Tick>
        <Tick isSelected={now.cookies.advertising} onChange={(advertising) => cookies({ advertising })} hint={t`We use none today.`}><Trans>Advertising</Trans></Tick>
        <p><Link to="/cookies"><Trans>Every cookie and stored item, by name</Trans></Link></p>
      </Card>
      <Consents />
    </Page>
  )
}
Preferences.before = (client: QueryClient) => Promise.all([asking(PreferencesPage, {})(client), askingPages(ConsentsPage, {}, decided)(client)])

/** Every choice shows at once and is told in its turn, however quickly the next one follows; one that was not taken goes back. */
function useChoosing() {
  const { act, busy, trouble } = useAct(SetPreferences)
  const [ahead, setAhead] = useState<SetPreferencesInput>({})
  const line = useRef(Promise.resolve())
  const waiting = useRef(0)
  const set = (input: SetPreferencesInput) => {
    setAhead((before) => ({ ...before, ...input }))
    waiting.current += 1
    line.current = line.current.then(async () => {
      await act({ input })
      waiting.current -= 1
      if (waiting.current === 0) setAhead({})
    })
  }
  return { ahead, set, busy, trouble }
}

function Consents() {
  const { t } = useLingui()
  const format = useFormat()
  const { nodes, more } = useAskPages(ConsentsPage, {}, decided)
  const purposes: Record<ConsentPurpose, string> = {
    NEWS_BY_EMAIL: t`News by e-mail`, PERSONALISED_CONTENT: t`Content chosen for me`, PERSONALISED_ADS: t`Offers chosen for me`,
    STATISTICS_COOKIES: t`Statistics cookies`, ADVERTISING_COOKIES: t`Advertising cookies`, PREFERENCE_COOKIES: t`Preference cookies`,
  }
  const decisions: Record<ConsentDecision, string> = { GIVEN: t`allowed`, REFUSED: t`refused`, WITHDRAWN: t`taken back` }
  return (
    <Card title={<Trans>What you decided before</Trans>}>
      {nodes.length === 0 ? <Empty title={<Trans>You have not decided anything yet.</Trans>} /> : (
        <Table
          caption={t`What you decided before`}
          columns={[
            { title: t`What`, head: true, cell: (row) => purposes[row.purpose] },
            { title: t`Decision`, cell: (row) => <Tag tone={row.decision === 'GIVEN' ? 'good' : 'plain'}>{decisions[row.decision]}</Tag> },
            { title: t`When`, cell: (row) => format.dateTime(row.at) },
            { title: t`Policy version`, cell: (row) => row.policyVersion },
          ]}
          rows={nodes}
        />
      )}
      <More {...more} />
    </Card>
  )
}
