import { type Attributes, SpanKind } from '@opentelemetry/api'
import {
  type FoundModel,
  type ModelDirectory,
  ModelFailure,
  type ModelReply,
  type ModelRequest,
} from '../judging/model.ts'
import { inSpan } from './in-span.ts'

/** What is told of a provider beside its name; undefined for models of this process. */
export type DescribeProvider = (
  provider: string,
) => { readonly type: string; readonly baseUrl: string } | undefined

/** As OpenTelemetry names providers, where it has a name of its own. */
const wellKnown: Readonly<Record<string, string>> = {
  mistral: 'mistral_ai',
  google: 'gcp.gemini',
  bedrock: 'aws.bedrock',
}

/** The same models, with a span for each reply that is asked for, retries included. */
export function traceModels(models: ModelDirectory, describe: DescribeProvider): ModelDirectory {
  return {
    find(modelName) {
      const found = models.find(modelName)
      const provider = attributesOf(found, describe)
      const kind = provider['server.address'] === undefined ? SpanKind.INTERNAL : SpanKind.CLIENT
      const { model } = found
      return {
        ...found,
        model: {
          complete: (request, signal) =>
            inSpan(
              {
                name: `chat ${request.modelName}`,
                kind,
                attributes: { ...provider, ...asked(request) },
              },
              async (span) => {
                const reply = await model.complete(request, signal)
                span.setAttributes(replied(reply))
                return reply
              },
              (error) => (error instanceof ModelFailure ? error.kind : '_OTHER'),
            ),
        },
      }
    },
  }
}

function attributesOf({ provider }: FoundModel, describe: DescribeProvider): Attributes {
  const described = describe(provider)
  const type = described?.type ?? provider
  const url = described && URL.parse(described.baseUrl)
  return {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': wellKnown[type] ?? type,
    'assize.provider': provider,
    ...(url && {
      'server.address': url.hostname,
      'server.port': Number(url.port) || (url.protocol === 'http:' ? 80 : 443),
    }),
  }
}

function asked({ modelName, maxOutputTokens, sampling, tools }: ModelRequest): Attributes {
  return {
    'gen_ai.request.model': modelName,
    'gen_ai.request.max_tokens': maxOutputTokens,
    'gen_ai.request.temperature': sampling?.temperature ?? 0,
    ...(sampling && { 'gen_ai.request.seed': sampling.seed }),
    ...(!tools?.length && { 'gen_ai.output.type': 'json' }),
  }
}

const finishReasons: Readonly<Record<ModelReply['finish'], string>> = {
  stop: 'stop',
  length: 'length',
  filtered: 'content_filter',
  refused: 'refusal',
}

function replied({ finish, usage, attempts, enforcement, toolCalls }: ModelReply): Attributes {
  return {
    'gen_ai.response.finish_reasons': [toolCalls?.length ? 'tool_call' : finishReasons[finish]],
    'gen_ai.usage.input_tokens': usage.inputTokens,
    'gen_ai.usage.output_tokens': usage.outputTokens,
    'assize.call.attempts': attempts,
    'assize.call.enforcement': enforcement,
  }
}
