import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { build } from 'vite'
import { writeApiTypes } from './write-api-types.ts'

const assets = 'dist/page/assets'

/** The page's files in dist/page, each asset with its compressed forms beside it. */
export async function buildPage(): Promise<void> {
  await writeApiTypes()
  await build({ configFile: 'ui/vite.config.ts', logLevel: 'warn' })
  for (const name of await readdir(assets)) await compressBeside(join(assets, name))
}

async function compressBeside(path: string): Promise<void> {
  const content = await readFile(path)
  const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }
  await writeFile(`${path}.br`, await promisify(brotliCompress)(content, brotli))
  await writeFile(`${path}.gz`, await promisify(gzip)(content))
}
