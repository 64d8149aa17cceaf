import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'

const CALL = /\bgraphql\(\s*(?:\/\*[^*]*\*\/\s*)?`([^`]*)`\s*,?\s*\)/g
const NOTHING = '\0no-documents'
const PAGES = { portal: ['customer', '/graphql'], support: ['support', '/support/graphql'] } as const

/**
 * Writes into the code what is left of a document at run time: its id, its name, and while developing its text.
 * `graphql(…)` itself exists for the types only.
 */
export function documents(): Plugin {
  let serving = false
  const known = new Map<string, Map<string, [string, string]>>()

  const named = (schema: string) => {
    let found = known.get(schema)
    if (!found) {
      const file = new URL(`../src/gql/${schema}/persisted-documents.json`, import.meta.url)
      const texts = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
      found = new Map(Object.entries(texts).map(([id, text]) => [/\b(?:query|mutation) (\w+)/.exec(text)?.[1] ?? '', [id, text]]))
      if (!serving) known.set(schema, found)
    }
    return found
  }

  return {
    name: 'trusted-documents',
    enforce: 'pre',
    configResolved(config) {
      serving = config.command === 'serve'
    },
    resolveId(source) {
      return /(?:^|\/)gql\/(?:customer|support)$/.test(source) ? NOTHING : null
    },
    load(id) {
      return id === NOTHING ? 'export const graphql = undefined' : null
    },
    transform(code, id) {
      const page = /\/src\/(portal|support)\//.exec(id)?.[1] as keyof typeof PAGES | undefined
      if (!page || !code.includes('graphql(')) return null
      const [schema, endpoint] = PAGES[page]
      const replaced = code.replace(CALL, (_, source: string) => {
        const name = /\b(?:query|mutation) (\w+)/.exec(source.replace(/#.*/g, ''))?.[1]
        if (!name) return '{}' // a fragment: its text is in the operations that spread it
        const found = named(schema).get(name)
        if (!found) throw new Error(`${id}: say \`npm run generate\`: ${name} is not among the documents`)
        const [sha256, text] = found
        return JSON.stringify({ id: sha256, name, endpoint, ...(serving ? { text } : {}) })
      })
      return { code: replaced, map: null }
    },
  }
}
