#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'

// The program's executable. It is no TypeScript, so that Node need not load what strips types: with what was compiled
// before, the types of all other files are stripped already. That is kept in the user's own cache: in a folder that all
// users share, one could put code for another to run. Where nothing can be kept, starting takes longer.
try {
  enableCompileCache(join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'assize'))
} catch {
  // There is no home.
}

// A package has what `npm run build` makes: Node strips no types below node_modules.
const program = existsSync(new URL('./main.ts', import.meta.url)) ? './main.ts' : '../dist/main.js'
await import(program)
