import type { CodegenConfig } from '@graphql-codegen/cli'

/** What the app says: files that the server knows by the SHA-256 of their text (schema/README.md). Types, and their ids. */
export default {
  schema: '../../schema/customer.graphql',
  documents: ['../../schema/documents/customer/app/*.graphql'],
  generates: {
    'src/gql/types.ts': {
      plugins: ['typescript-operations'],
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        avoidOptionals: { field: true },
        scalars: { DateTime: 'string', Date: 'string', JSON: 'unknown' },
      },
    },
    'src/gql/documents.ts': { plugins: ['./build/documents.cjs'] },
  },
} satisfies CodegenConfig
