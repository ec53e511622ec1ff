import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { compileFunction } from 'node:vm'
import type { Environment } from 'minijinja-js'

const require = createRequire(import.meta.url)
const gluePath = require.resolve('minijinja-js')
const glue = compileFunction(readFileSync(gluePath, 'utf8'), ['module', 'require', '__dirname'], {
  filename: gluePath,
})

const wasmPageBytes = 65_536
const maxMemoryPages = 2048

/** The engine's binary as published, but for the limit on its memory. */
let limitedBinary: Buffer | undefined

/**
 * A Jinja2 engine of its own, whose memory can't grow over 128 MB. The published engine has a fuel limit but
 * none on memory: a few doublings of a string inside a template take 4 GB that are never given back.
 * An engine that threw a `WebAssembly.RuntimeError` has lost memory and must be thrown away.
 */
export function createTemplateEngine(): Environment {
  limitedBinary ??= limitMemory(readFileSync(gluePath.replace(/\.js$/, '_bg.wasm')), maxMemoryPages)
  const module = { exports: {} as typeof import('minijinja-js') & Record<string, unknown> }
  const requireLimited = (name: string): unknown =>
    name === 'fs' ? { readFileSync: () => limitedBinary } : require(name)
  // The glue says `module.exports.x = ...` and nothing else of a module's surroundings.
  glue(module, requireLimited, dirname(gluePath))
  const engine = new module.exports.Environment()
  engine.undefinedBehavior = 'chainable'
  engine.enablePyCompat()
  return engine
}

const memorySection = 5

/** Sets the maximum of a WebAssembly module's one memory; see "Memory Section" in the WebAssembly specification. */
function limitMemory(binary: Buffer, maxPages: number): Buffer {
  for (let at = 8; at < binary.length; ) {
    const [size, body] = readUnsigned(binary, at + 1)
    if (binary[at] === memorySection) {
      const [initialPages] = readUnsigned(binary, body + 2)
      const limited = Buffer.from([1, 1, ...unsigned(initialPages), ...unsigned(maxPages)])
      const header = Buffer.from([memorySection, ...unsigned(limited.length)])
      return Buffer.concat([binary.subarray(0, at), header, limited, binary.subarray(body + size)])
    }
    at = body + size
  }
  throw new Error(`The template engine has no memory section of ${wasmPageBytes}-byte pages to limit.`)
}

function readUnsigned(binary: Buffer, from: number): [value: number, next: number] {
  let value = 0
  for (let at = from, shift = 0; ; at += 1, shift += 7) {
    const byte = binary.readUInt8(at)
    value |= (byte & 0x7f) << shift
    if (byte < 0x80) return [value, at + 1]
  }
}

function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)]
}
