import { AssizeError } from '../errors.ts'
import { type ServedTool, type Tool, type ToolDirectory, ToolUnavailable } from '../judging/tool.ts'
import { orAborted } from './or-aborted.ts'
import { modelToolName } from './tool-name.ts'
import type { SourceTool, ToolSource } from './tool-source.ts'

export interface DirectorySettings {
  readonly sources: readonly ToolSource[]
  /** Workspace name, or `*` for those that are not listed -> what its judges may name. Others may name all. */
  readonly access: Readonly<Record<string, readonly string[]>>
  /** Undefined where there is no such workspace. */
  readonly findWorkspaceName: (workspaceId: string) => Promise<string | undefined>
}

/** What one entry of the configuration has, or why it can't be reached. */
export interface InspectedSource {
  readonly name: string
  readonly description: string
  readonly tools: readonly ServedTool[]
  readonly failure: string | undefined
  /** How long it took to reach it, in milliseconds. */
  readonly latencyMs: number
}

/** What a list waits for a server that starts; it goes on starting. */
const listWithinMs = 5000

/** Finds tools over all entries of the configuration. It owns them: they are closed with it. */
export class Directory implements ToolDirectory, AsyncDisposable {
  readonly #settings: DirectorySettings
  readonly #workspaceNames = new Map<string, string>()

  constructor(settings: DirectorySettings) {
    this.#settings = settings
  }

  async open(
    names: readonly string[],
    workspaceId: string | undefined,
    signal: AbortSignal,
  ): Promise<readonly Tool[]> {
    if (names.length === 0) return []
    const allowed = await this.#allowedFor(workspaceId)
    const unknown = names.filter((name) => !this.#isKnown(name, allowed))
    if (unknown.length > 0) throw this.#notServed(unknown, allowed, [])
    const sources = this.#settings.sources.filter(({ name }) =>
      names.some((wanted) => sourceName(wanted) === name),
    )
    const offered = (await Promise.all(sources.map((source) => offeredTools(source, allowed, signal)))).flat()
    const missing = names.filter((name) => !offered.some(({ servedName }) => isMeant(name, servedName)))
    if (missing.length > 0) throw this.#notServed(missing, allowed, offered)
    return withModelNames(offered.filter(({ servedName }) => names.some((name) => isMeant(name, servedName))))
  }

  async list(workspaceId: string | undefined, signal: AbortSignal): Promise<readonly ServedTool[]> {
    const allowed = await this.#allowedFor(workspaceId)
    const open = this.#settings.sources.filter((source) => isOpenTo(source, allowed))
    return (await Promise.all(open.map((source) => listSource(source, allowed, signal)))).flat()
  }

  /**
   * Reaches what the configuration has and tells how that went.
   * @param name one entry alone
   * @throws AssizeError `tool_not_served`; the signal's reason
   */
  inspect(name: string | undefined, signal: AbortSignal): Promise<readonly InspectedSource[]> {
    const sources = this.#settings.sources.filter((source) => name === undefined || source.name === name)
    if (name !== undefined && sources.length === 0) throw this.#notServed([name], undefined, [])
    return Promise.all(sources.map((source) => inspectSource(source, signal)))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#settings.sources.map((source) => source[Symbol.asyncDispose]()))
  }

  async #allowedFor(workspaceId: string | undefined): Promise<Allowed> {
    const { access } = this.#settings
    if (workspaceId === undefined || Object.keys(access).length === 0) return undefined
    const name = await this.#workspaceName(workspaceId)
    // A workspace that nobody knows any more has nothing.
    if (name === undefined) return []
    return Object.hasOwn(access, name) ? access[name] : access['*']
  }

  async #workspaceName(id: string): Promise<string | undefined> {
    const known = this.#workspaceNames.get(id)
    if (known !== undefined) return known
    const name = await this.#settings.findWorkspaceName(id)
    if (name !== undefined) this.#workspaceNames.set(id, name)
    return name
  }

  /** Whether the configuration has it; what a server really has is known once it is reached. */
  #isKnown(name: string, allowed: Allowed): boolean {
    const source = this.#settings.sources.find((known) => known.name === sourceName(name))
    if (source === undefined) return false
    return name === source.name ? isOpenTo(source, allowed) : source.hasNamedTools && mayUse(name, allowed)
  }

  #notServed(unknown: readonly string[], allowed: Allowed, offered: readonly OfferedTool[]): AssizeError {
    const touched = offered.filter(({ servedName }) =>
      unknown.some((name) => sourceName(name) === sourceName(servedName)),
    )
    const named = allowed ?? this.#settings.sources.map(({ name }) => name)
    const served = [...new Set([...named, ...touched.map(({ servedName }) => servedName)])]
    const has = served.length === 0 ? 'it has no tools' : `it has ${served.join(', ')}`
    return new AssizeError(
      'tool_not_served',
      `tools: this server does not have ${unknown.map((name) => JSON.stringify(name)).join(', ')}; ${has}.`,
    )
  }
}

/** What a workspace is held to; undefined for one that may use everything. */
type Allowed = readonly string[] | undefined

interface OfferedTool extends SourceTool {
  readonly servedName: string
}

/** `files.read_text_file` -> `files`; the names of the configuration have no dots. */
function sourceName(name: string): string {
  return name.split('.', 1)[0] ?? name
}

/** Whether a name means this tool: it is the tool's own, or its server's. */
function isMeant(name: string, servedName: string): boolean {
  return name === servedName || name === sourceName(servedName)
}

function mayUse(servedName: string, allowed: Allowed): boolean {
  return allowed === undefined || allowed.some((name) => isMeant(name, servedName))
}

function isOpenTo(source: ToolSource, allowed: Allowed): boolean {
  return allowed === undefined || allowed.some((name) => sourceName(name) === source.name)
}

async function offeredTools(
  source: ToolSource,
  allowed: Allowed,
  signal: AbortSignal,
): Promise<readonly OfferedTool[]> {
  const tools = await source.tools(signal)
  return tools
    .map((tool) => ({
      ...tool,
      servedName: source.hasNamedTools ? `${source.name}.${tool.name}` : source.name,
    }))
    .filter(({ servedName }) => mayUse(servedName, allowed))
}

function withModelNames(offered: readonly OfferedTool[]): readonly Tool[] {
  const taken = new Set<string>()
  return offered.map((tool) => {
    const name = modelToolName(tool.servedName, taken)
    taken.add(name)
    return { ...tool, name }
  })
}

async function listSource(
  source: ToolSource,
  allowed: Allowed,
  signal: AbortSignal,
): Promise<readonly ServedTool[]> {
  const timeUp = AbortSignal.timeout(listWithinMs)
  try {
    return listed(source, await orAborted(offeredTools(source, allowed, signal), timeUp))
  } catch (error) {
    if (error instanceof ToolUnavailable || timeUp.aborted) return []
    throw error
  }
}

function listed({ name, hasNamedTools }: ToolSource, tools: readonly OfferedTool[]): readonly ServedTool[] {
  const each = tools.map(({ servedName, description }) => ({ name: servedName, description }))
  if (!hasNamedTools || each.length === 0) return each
  return [{ name, description: `All tools of ${name}.` }, ...each]
}

async function inspectSource(source: ToolSource, signal: AbortSignal): Promise<InspectedSource> {
  const { name, description } = source
  const startedMs = performance.now()
  const found = await offeredTools(source, undefined, signal).then(
    (tools) => ({ tools: listed(source, tools), failure: undefined }),
    (error: unknown) => {
      if (error instanceof ToolUnavailable) return { tools: [], failure: error.message }
      throw error
    },
  )
  return { name, description, ...found, latencyMs: Math.round(performance.now() - startedMs) }
}
