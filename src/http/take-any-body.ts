import type { Server } from './server.ts'
import { takeTimeForBody } from './slow-clients.ts'
import { compileValidator } from './validate.ts'

/** Lets the routes of this scope read their bodies themselves, as they come, whatever type they have. */
export function takeAnyBody(server: Server): void {
  server.addHook('onRequest', async (request) => takeTimeForBody(request))
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', (_request, _body, done) => done(null, undefined))
  // The schema of a body is there for the documentation.
  server.setValidatorCompiler((part) =>
    part.httpPart === 'body' ? (value) => ({ value }) : compileValidator(part as never),
  )
}
