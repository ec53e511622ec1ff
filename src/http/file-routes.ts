import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Datasets } from '../datasets/datasets.ts'
import type { Files } from '../datasets/files.ts'
import type { Imports } from '../datasets/imports.ts'
import type { Access } from './authenticate.ts'
import { registerFileContent } from './file-content.ts'
import { registerFileUpload } from './file-upload.ts'
import { registerFiles } from './files.ts'
import { registerImportUpload } from './import-upload.ts'
import { registerImports } from './imports.ts'
import type { Server } from './server.ts'
import { registerTasks } from './tasks.ts'

export interface ImportServices {
  readonly files: Files
  readonly imports: Imports
  /** Goes on with what another process has left, from now on. */
  readonly goOnWithImports: () => void
}

interface FileRoutesServices extends Pick<ImportServices, 'files' | 'imports'> {
  readonly access: Access
  readonly datasets: Datasets
}

/** Files and imports; what takes files has a scope of its own, where bodies are read as they come. */
export async function registerFileRoutes(server: Server, services: FileRoutesServices): Promise<void> {
  registerFiles(server, services)
  registerFileContent(server, services)
  registerImports(server, services)
  registerTasks(server, services)
  await server.register(async function fileUpload(scope: FastifyInstance) {
    registerFileUpload(scope.withTypeProvider<ZodTypeProvider>() as Server, services)
  })
  await server.register(async function importUpload(scope: FastifyInstance) {
    registerImportUpload(scope.withTypeProvider<ZodTypeProvider>() as Server, services)
  })
}
