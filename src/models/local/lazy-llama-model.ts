import type { DisposableModel, LlamaModelSettings } from './llama-model.ts'

/** The same as `createLlamaModel`, which is loaded when it first judges: most programs run no model themselves. */
export function createLazyLlamaModel(settings: LlamaModelSettings): DisposableModel {
  let opened: Promise<DisposableModel> | undefined
  return {
    async complete(request, signal) {
      opened ??= import('./llama-model.ts').then(({ createLlamaModel }) => createLlamaModel(settings))
      return (await opened).complete(request, signal)
    },
    async [Symbol.asyncDispose]() {
      await (await opened)?.[Symbol.asyncDispose]()
    },
  }
}
