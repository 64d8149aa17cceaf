import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { useFormat } from '../../shared/format.ts'
import { useTheme } from '../../shared/theme.ts'

export interface Line {
  label: string
  /** A custom property of the looks: '--good'. */
  colour: string
  values: number[]
}

/** Where the lines of a rooted scale are drawn: as far from one another as those of a plain one. */
const ROOTS = [0, 0.25, 0.5, 0.75, 0.95]

interface ChartProps {
  /** Seconds since 1970 of each place on the x axis, or its number where `names` says what it is. */
  places: number[]
  names?: string[]
  lines: Line[]
  /** One on top of the other, the first line lowest. */
  stacked?: boolean
  /** Heights by the square root, so that few are seen beside many. */
  rooted?: boolean
  label: string
}

/** Bars, drawn on a canvas: the same figures stand in a table beside it. */
export function Chart({ places, names, lines, stacked = false, rooted = false, label }: ChartProps) {
  const box = useRef<HTMLDivElement>(null)
  const theme = useTheme()
  const { tag } = useFormat()
  useEffect(() => {
    const here = box.current
    if (!here) return undefined
    const day = names ? undefined : new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short' })
    let onPaper = false
    const resolved = (name: string) => {
      const probe = document.createElement('span')
      probe.style.color = `var(${name}, #888)`
      if (onPaper) probe.style.colorScheme = 'light'
      here.append(probe)
      const found = getComputedStyle(probe).color
      probe.remove()
      return found
    }
    const colour = (name: string) => () => resolved(name)
    const sums = places.map(() => 0)
    const drawn = stacked ? lines.map((line) => line.values.map((value, at) => (sums[at] = (sums[at] ?? 0) + value))) : lines.map((line) => line.values)
    const series = lines.map((line) => ({ label: line.label, fill: colour(line.colour), stroke: colour(line.colour), width: 0, paths: uPlot.paths.bars?.({ size: [0.7, 48] }), points: { show: false } }))
    const order = stacked ? lines.map((_, at) => at).toReversed() : lines.map((_, at) => at)
    const ink = colour('--ink-soft'), grid = colour('--line')
    const axis = { stroke: ink, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1 }, font: '12px system-ui' }
    const beside = names ? 0.6 : 43_200
    const chart = new uPlot(
      {
        width: here.clientWidth, height: 260, legend: { show: false }, cursor: { show: false },
        scales: { x: { time: !names, range: () => [(places[0] ?? 0) - beside, (places.at(-1) ?? 0) + beside] }, y: { range: (_, __, high) => [0, Math.max(1, high * 1.08)], ...(rooted ? { distr: 100, fwd: Math.sqrt, bwd: (root: number) => root * root } : {}) } },
        axes: [names ? { ...axis, space: 24, size: 60, rotate: -45, values: (_, at) => at.map((one) => (Number.isInteger(one) ? (names[one] ?? '') : '')), grid: { show: false } } : { ...axis, space: 80, grid: { show: false }, values: (_, at) => at.map((one) => day?.format(one * 1000) ?? '') }, rooted ? { ...axis, splits: (_, __, ___, high) => ROOTS.map((part) => Number((part * part * high).toPrecision(1))), filter: (_, at) => at } : axis],
        series: [{}, ...order.map((at) => series[at] as uPlot.Series)],
      },
      [places, ...order.map((at) => drawn[at] as number[])],
      here,
    )
    const watcher = new ResizeObserver(() => chart.setSize({ width: here.clientWidth, height: 260 }))
    watcher.observe(here)
    const print = (event: Event) => {
      onPaper = event.type === 'beforeprint'
      chart.redraw()
    }
    window.addEventListener('beforeprint', print)
    window.addEventListener('afterprint', print)
    return () => {
      window.removeEventListener('beforeprint', print)
      window.removeEventListener('afterprint', print)
      watcher.disconnect()
      chart.destroy()
    }
  }, [places, names, lines, stacked, rooted, theme, tag])
  return (
    <figure className="chart" aria-label={label}>
      <div ref={box} aria-hidden="true" />
      <figcaption className="legend">{lines.map((line) => <span key={line.label}><i className={`key ${line.colour.slice(2)}`} aria-hidden="true" />{line.label}</span>)}</figcaption>
    </figure>
  )
}
