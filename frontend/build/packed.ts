import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

const PACKED = /\.(?:js|css|html|svg|json|webmanifest)$/

/** Beside each built file its brotli and gzip, and in `documents/` the lists of what the pages may ask. */
export function packed(): Plugin {
  let out = 'dist'
  return {
    name: 'packed',
    apply: 'build',
    configResolved(config) {
      out = join(config.root, config.build.outDir)
    },
    closeBundle() {
      if (!existsSync(out)) return
      for (const file of readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((one) => PACKED.test(one))) {
        const path = join(out, file)
        const body = readFileSync(path)
        const brotli = brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } })
        if (brotli.length < body.length) writeFileSync(`${path}.br`, brotli)
        const gzip = gzipSync(body, { level: 9 })
        if (gzip.length < body.length) writeFileSync(`${path}.gz`, gzip)
      }
      for (const schema of ['customer', 'support']) {
        const list = join(out, '../src/gql', schema, 'persisted-documents.json')
        if (!existsSync(list)) continue
        mkdirSync(join(out, 'documents', schema), { recursive: true })
        copyFileSync(list, join(out, 'documents', schema, 'persisted-documents.json'))
      }
    },
  }
}
