import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { missing, type Part } from './part.ts'

const name = 'Chromium'
const programs = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The browser that TEST_CHROMIUM names, or one that is in PATH. */
export async function prepareChromium(): Promise<Part> {
  if (process.env.TEST_CHROMIUM) return { name, state: 'the one that TEST_CHROMIUM names', env: {} }
  const folders = (process.env.PATH ?? '').split(delimiter)
  for (const path of programs.flatMap((program) => folders.map((folder) => join(folder, program)))) {
    if (await isProgram(path)) return { name, state: path, env: { TEST_CHROMIUM: path } }
  }
  return missing(name, `set TEST_CHROMIUM to a browser; none of ${programs.join(', ')} is in PATH`)
}

function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}
