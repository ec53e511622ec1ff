import { createServer } from 'vite'
import { writeApiTypes } from './page/write-api-types.ts'

// `npm run page:dev`: the page as it is being written, in front of a server on its usual port.

await writeApiTypes()
const server = await createServer({ configFile: 'ui/vite.config.ts' })
await server.listen()
server.printUrls()
