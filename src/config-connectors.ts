import { ConfigError } from './config-setting.ts'
import type { ToolSettings } from './config-tool-settings.ts'

/** A tool that Mistral runs for its models. */
export interface ConnectorConfig {
  readonly kind: 'connector'
  readonly connector: NonNullable<ToolSettings['connector']>
  readonly libraryIds: readonly string[]
}

/** Throws ConfigError where libraries are missing, or belong to another connector. */
export function readConnector(
  place: string,
  connector: ConnectorConfig['connector'],
  libraryIds: readonly string[] | undefined,
): ConnectorConfig {
  if ((connector === 'document_library') !== (libraryIds !== undefined)) {
    throw new ConfigError(`${place}: library_ids belongs to the connector document_library, which needs it.`)
  }
  return { kind: 'connector', connector, libraryIds: libraryIds ?? [] }
}
