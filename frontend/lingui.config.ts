import { defineConfig } from '@lingui/cli'
import { formatter } from '@lingui/format-po'

/** A catalogue for each part, so that a page loads its own words only. */
const part = (name: string) => ({ path: `<rootDir>/src/${name}/words/{locale}`, include: [`<rootDir>/src/${name}`], exclude: ['**/*.test.tsx'] })

export default defineConfig({
  locales: ['en', 'lv'],
  sourceLocale: 'en',
  catalogs: [part('shared'), part('portal'), part('support')],
  format: formatter({ origins: false }),
  orderBy: 'message',
})
