import { useColorScheme } from 'react-native'
import type { Theme } from '../gql/types.ts'
import { kept, useKept } from '../kept.ts'

/** The colours of the pages (src/shared/styles/tokens.css). */
const LIGHT = {
  ground: '#f7f6fa', surface: '#ffffff', sunk: '#efedf5', line: '#e2dfea', lineStrong: '#8b8599', ink: '#1d1a26', soft: '#5a5468',
  accent: '#5b3fa8', onAccent: '#ffffff', accentWash: '#efeafb', good: '#17663f', goodWash: '#e6f4ec', warn: '#7a4d00', warnWash: '#fdf2dc',
  bad: '#a8222c', badWash: '#fdebec', onBad: '#ffffff', thumb: '#ffffff',
}
const DARK: typeof LIGHT = {
  ground: '#141218', surface: '#1d1a23', sunk: '#27232f', line: '#35303f', lineStrong: '#837c93', ink: '#efecf6', soft: '#b3adc2',
  accent: '#bfa9ff', onAccent: '#201539', accentWash: '#2d2544', good: '#83d6a8', goodWash: '#1b2f25', warn: '#f0c375', warnWash: '#352a16',
  bad: '#ff9f9f', badWash: '#3b1f23', onBad: '#3a0a0e', thumb: '#efecf6',
}

const theme = kept<Theme>('SYSTEM')

/** The appearance a customer likes, on whichever device. */
export const wear = theme.set

export function useDark(): boolean {
  const device = useColorScheme()
  const worn = useKept(theme)
  return worn === 'SYSTEM' ? device === 'dark' : worn === 'DARK'
}

export const useColours = () => (useDark() ? DARK : LIGHT)

export type Tone = 'plain' | 'good' | 'warn' | 'bad'
type Colours = typeof LIGHT

/** The ink and the ground of something that is well, to be looked at, or wrong. */
export const toned = (colours: Colours, tone: Tone) => ({
  ink: { plain: colours.soft, good: colours.good, warn: colours.warn, bad: colours.bad }[tone],
  ground: { plain: colours.sunk, good: colours.goodWash, warn: colours.warnWash, bad: colours.badWash }[tone],
})
