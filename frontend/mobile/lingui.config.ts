import { defineConfig } from '@lingui/cli'
import { formatter } from '@lingui/format-po'

export default defineConfig({
  locales: ['en', 'lv'],
  sourceLocale: 'en',
  catalogs: [{ path: '<rootDir>/src/words/{locale}', include: ['<rootDir>/src'], exclude: ['**/*.test.ts', '**/gql/**'] }],
  format: formatter({ origins: false }),
  orderBy: 'message',
})
