import { buildPage } from '../page/build-page.ts'
import type { Part } from './part.ts'

/** The page as it is now: what tests look at is never an older one. */
export async function preparePage(): Promise<Part> {
  await buildPage()
  return { name: 'The page', state: 'built in dist/page', env: {} }
}
