import { createModels } from '../assize-models.ts'
import { openModels } from '../assize-open-models.ts'
import { loadConfig } from '../config.ts'
import { createLog } from '../log.ts'
import { createModelsCommand } from './models.ts'

export const modelsCommand = createModelsCommand({
  openModels: (io, keepsLessons) =>
    (keepsLessons ? openModels : createModels)(loadConfig(io.env, io.workingDir), createLog('warn')),
})
