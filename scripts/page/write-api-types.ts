import { readFile, writeFile } from 'node:fs/promises'
import { makeApiTypes } from './api-types.ts'

const path = 'ui/api/openapi.ts'

/** Writes the page's types of the API, where the server says something else than they do. */
export async function writeApiTypes(): Promise<void> {
  const types = await makeApiTypes()
  const written = await readFile(path, 'utf8').catch(() => undefined)
  if (written !== types) await writeFile(path, types)
}
