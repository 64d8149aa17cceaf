import { lingui } from '@lingui/vite-plugin'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { documents } from './build/documents.ts'
import { packed } from './build/packed.ts'

const server = process.env.OCTOPUS_SERVER ?? 'http://localhost:8000'

export default defineConfig({
  plugins: [documents(), lingui({ macroTransform: true, failOnMissing: true, failOnCompileError: true }), react(), packed()],
  build: {
    target: ['chrome123', 'firefox128', 'safari18'], // the first with light-dark() and what else the pages use
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: { portal: 'index.html', support: 'support/index.html' } },
  },
  server: { proxy: { '/graphql': server, '/support/graphql': server, '/exports': server } },
  test: { environment: 'happy-dom', testTimeout: 60_000, setupFiles: ['tests/setup.ts'], include: ['src/**/*.test.{ts,tsx}', 'tests/**/*.test.ts'], pool: 'threads', maxWorkers: 2 },
})
