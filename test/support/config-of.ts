import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { type Config, ConfigError, type Environment, loadConfig } from '../../src/config.ts'

export const workingDir = '/srv/court'

/** The configuration of an environment and of a YAML file with this text. */
export function configOf(yaml: string, environment: Environment = {}): Config {
  const folder = mkdtempSync(join(tmpdir(), 'assize-config-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'assize.yaml')
  writeFileSync(path, yaml)
  return loadConfig({ ASSIZE_CONFIG: path, ...environment }, workingDir)
}

/** What is said of a configuration that can't be used. */
export function refusal(load: () => unknown): string {
  try {
    load()
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    return (error as Error).message
  }
  throw new Error('Nothing was refused.')
}
