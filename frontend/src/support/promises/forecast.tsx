import { Trans, useLingui } from '@lingui/react/macro'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { graphql } from '../../gql/support'
import type { ForecastQuery } from '../../gql/support/graphql.ts'
import { useAsk } from '../../shared/api/queries.tsx'
import { useFormat } from '../../shared/format.ts'
import { later } from '../../shared/arriving.tsx'
import { Card, Empty, Page, Room } from '../../shared/ui/parts.tsx'
import { Table } from '../../shared/ui/table.tsx'
import { Filter, Filters } from '../filters.tsx'

/** It draws beside the figures, and comes after them. */
const Chart = later(() => import('./chart.tsx').then((found) => found.Chart))

const ForecastDays = graphql(`
  query Forecast($days: Int!) {
    forecast(days: $days) { day rule title entity what count }
  }
`)
/** Days since 1970. */
const today = () => Math.floor(Date.now() / 86_400_000)
const COLOURS = ['--accent', '--good', '--warn', '--bad', '--ink-soft', '--line-strong']

/** What the retention worker will erase and when; looking changes nothing. */
export function Forecast() {
  const { t } = useLingui()
  const { days = 30 } = useSearch({ from: '/inside/forecast' })
  const go = useNavigate()
  const spans: [string, string][] = [['', t`30 days`], ['90', t`90 days`], ['180', t`180 days`], ['365', t`A year`]]
  return (
    <Page title={t`Forecast`} lead={<Trans>What the software will erase, and when. Looking changes nothing.</Trans>}>
      <Filters>
        <Filter label={t`How far`} options={spans} value={days === 30 ? '' : String(days)} choose={(value) => void go({ to: '/forecast', search: { days: value ? Number(value) : undefined }, replace: true })} />
      </Filters>
      <Room><Shown days={days} /></Room>
    </Page>
  )
}

function Shown({ days }: { days: number }) {
  const { t } = useLingui()
  const format = useFormat()
  const found = useAsk(ForecastDays, { days }).forecast
  if (found.length === 0) return <Card><Empty title={<Trans>Nothing is due in this time.</Trans>} /></Card>
  return (
    <>
      <Card id="chart" title={<Trans>Records to go, by day and rule</Trans>}><Bars found={found} days={days} /></Card>
      <Card id="days" title={<Trans>Day by day</Trans>}>
        <Table caption={t`Records to go`} rows={found.map((one) => ({ ...one, id: `${one.day}-${one.rule}-${one.entity}` }))} columns={[
          { title: t`Day`, head: true, tight: true, cell: (row) => format.date(row.day) },
          { title: t`Rule`, cell: (row) => row.title },
          { title: t`What`, cell: (row) => row.what },
          { title: t`Records`, end: true, cell: (row) => format.number(row.count) },
        ]} />
      </Card>
    </>
  )
}

function Bars({ found, days }: { found: ForecastQuery['forecast']; days: number }) {
  const { t } = useLingui()
  const [places, lines] = useMemo(() => {
    const first = today()
    const at = (day: string) => Math.min(days, Math.max(0, Math.floor(new Date(day).getTime() / 86_400_000) - first))
    const rules = [...new Set(found.map((one) => one.rule))]
    return [
      Array.from({ length: days + 1 }, (_, place) => (first + place) * 86_400),
      rules.map((rule, place) => {
        const values = Array.from({ length: days + 1 }, () => 0)
        for (const one of found) if (one.rule === rule) values[at(one.day)] = (values[at(one.day)] ?? 0) + one.count
        return { label: found.find((one) => one.rule === rule)?.title ?? rule, colour: COLOURS[place % COLOURS.length] ?? '--accent', values }
      }),
    ]
  }, [found, days])
  return <Chart label={t`Records to go, by day and rule`} places={places} lines={lines} stacked />
}
