const { createHash } = require('node:crypto')
const { readFileSync } = require('node:fs')

/** `export const AppProfile = { id, name }`, typed by what it answers and wants to know. The texts stay with the server. */
exports.plugin = (_schema, files) => {
  const lines = files.flatMap(({ document, location }) => {
    const id = createHash('sha256').update(readFileSync(location)).digest('hex')
    return document.definitions.map(({ operation, name }) => {
      const type = `types.${name.value}${operation === 'query' ? 'Query' : 'Mutation'}`
      return `export const ${name.value}: Document<${type}, ${type}Variables> = { id: '${id}', name: '${name.value}' }`
    })
  })
  return ["import type { Document } from '../api/document.ts'", "import type * as types from './types.ts'", '', ...lines.sort(), ''].join('\n')
}
