import type { CodegenConfig } from '@graphql-codegen/cli'

/** What one page says to its schema: its documents' types, and their texts by SHA-256 (the list the server trusts). */
const page = (schema: string, folder: string): CodegenConfig['generates'][string] => ({
  schema: `../schema/${schema}.graphql`,
  documents: [`src/${folder}/**/*.{ts,tsx}`, '!src/**/*.test.tsx'],
  preset: 'client',
  presetConfig: { fragmentMasking: false, persistedDocuments: { hashAlgorithm: 'sha256' } },
  config: {
    documentMode: 'string',
    useTypeImports: true,
    enumsAsTypes: true,
    avoidOptionals: { field: true },
    scalars: { DateTime: 'string', Date: 'string', JSON: 'unknown' },
  },
})

export default {
  generates: {
    'src/gql/customer/': page('customer', 'portal'),
    'src/gql/support/': page('support', 'support'),
  },
  ignoreNoDocuments: true,
} satisfies CodegenConfig
