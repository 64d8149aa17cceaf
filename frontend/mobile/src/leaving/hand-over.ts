import { File, Paths } from 'expo-file-system'
import { shareAsync } from 'expo-sharing'
import type { Archive } from './archive.ts'

/** The device asks where to keep it; nothing of it stays in the app. */
export async function handOver({ name, bytes }: Archive): Promise<void> {
  const file = new File(Paths.cache, name)
  try {
    file.create({ overwrite: true })
    file.write(new Uint8Array(bytes))
    await shareAsync(file.uri, { mimeType: 'application/zip', UTI: 'public.zip-archive' })
  } finally {
    if (file.exists) file.delete()
  }
}
