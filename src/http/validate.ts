import type { FastifySchemaCompiler } from 'fastify'
import type { z } from 'zod'
import { AssizeError } from '../errors.ts'
import { explainIssues } from './explain-issues.ts'

/** Checks each part of a request with its zod schema; a fault is the caller's, told by its place. */
export const compileValidator: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) =>
  function validate(part: unknown) {
    const result = schema.safeParse(part ?? undefined, { reportInput: true })
    if (result.success) return { value: result.data }
    return {
      error: new AssizeError('request_invalid', explainIssues(httpPart ?? 'request', result.error.issues)),
    }
  }
