import type { LanguageModelMiddleware } from 'ai'
import type { Format } from '../request-form.ts'
import { judgmentTool } from './judgment-tool.ts'

type Wrapped = NonNullable<LanguageModelMiddleware['transformParams']>
type CallOptions = Parameters<Wrapped>[0]['params']

/** What has the form of an answer enforced, in the SDK's words. */
export type AnswerForm = Pick<CallOptions, 'responseFormat' | 'tools' | 'toolChoice' | 'providerOptions'>

export type JsonSchema = Readonly<Record<string, unknown>>

/** As most protocols have it. */
export function answerForm(format: Format, schema: JsonSchema): AnswerForm {
  switch (format) {
    case 'json_schema':
      return { responseFormat: { type: 'json', name: judgmentTool.name, schema } }
    case 'tool_call':
      return {
        tools: [{ type: 'function', ...judgmentTool, inputSchema: schema }],
        toolChoice: { type: 'tool', toolName: judgmentTool.name },
      }
    case 'json_object':
      return { responseFormat: { type: 'json' } }
    case 'text':
      return {}
  }
}

/**
 * Puts the form into a call, and takes the untouched text out of its reply: the input of the function's calls
 * where it was called. Below `generateText`, which would read the reply, and fail where it does not fit.
 */
export function enforceForm(form: AnswerForm): LanguageModelMiddleware {
  return {
    specificationVersion: 'v4',
    transformParams: async ({ params }) => ({ ...params, ...form }),
    wrapGenerate: async ({ doGenerate }) => {
      const reply = await doGenerate()
      const inputs = reply.content.flatMap((part) =>
        part.type === 'tool-call' && part.toolName === judgmentTool.name ? [part.input] : [],
      )
      const reasoning = reply.content.filter((part) => part.type === 'reasoning')
      const text = inputs.length > 0 ? inputs.join('\n') : textOf(reply.content)
      return { ...reply, content: [...reasoning, { type: 'text', text }] }
    },
  }
}

type Content = Awaited<ReturnType<NonNullable<LanguageModelMiddleware['wrapGenerate']>>>['content']

function textOf(content: Content): string {
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('')
}
