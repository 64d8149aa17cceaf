import { Trans, useLingui } from '@lingui/react/macro'
import { geoNaturalEarth1, geoPath } from 'd3-geo'
import { useMemo } from 'react'
import { feature } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import land from 'world-atlas/land-110m.json'
import type { SignInRow_SignInFragment } from '../../gql/customer/graphql.ts'
import { useFormat } from '../../shared/format.ts'

const WIDTH = 800
const HEIGHT = 410
const earth = geoNaturalEarth1().fitSize([WIDTH, HEIGHT], { type: 'Sphere' })
const outline = geoPath(earth)(feature(land as unknown as Topology, (land as unknown as Topology<{ land: GeometryCollection }>).objects.land)) ?? ''

interface Spot {
  key: string
  x: number
  y: number
  name: string
  times: number
  bad: boolean
}

/** Where the shown attempts came from, drawn from our own data: nothing is asked of anybody else. */
export function SignInMap({ signIns }: { signIns: SignInRow_SignInFragment[] }) {
  const { t } = useLingui()
  const format = useFormat()
  const spots = useMemo(() => {
    const found: Record<string, Spot> = {}
    for (const { place, outcome, reportedAt, count } of signIns) {
      if (place?.latitude == null || place.longitude == null) continue
      const at = earth([place.longitude, place.latitude])
      if (!at) continue
      const key = at.join()
      const spot = (found[key] ??= { key, x: at[0], y: at[1], name: [place.city, place.country && format.country(place.country)].filter(Boolean).join(', '), times: 0, bad: false })
      spot.times += count
      spot.bad ||= outcome !== 'SUCCEEDED' || reportedAt !== null
    }
    return Object.values(found)
  }, [signIns, format])
  return (
    <figure className="stack tight">
      <svg className="map" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={t`Map of the estimated places`}>
        <path className="land" d={outline} />
        {spots.map((spot) => (
          <circle key={spot.key} className={spot.bad ? 'spot bad' : 'spot'} cx={spot.x} cy={spot.y} r={4 + Math.min(8, Math.sqrt(spot.times))}>
            <title>{`${spot.name}: ${format.number(spot.times)}`}</title>
          </circle>
        ))}
      </svg>
      <figcaption className="quiet-text small-text">
        {spots.length === 0 ? <Trans>No place is known for these attempts: it is estimated from the address with a table on our own servers, and where the table does not know we do not guess.</Trans>
          : <Trans>Estimated from the address alone, to about ten kilometres. In red: places with an attempt that failed or was not you.</Trans>}
      </figcaption>
    </figure>
  )
}
