import { z } from 'zod'
import { parseJson } from '../parse-json.ts'

const failed = z.object({ error: z.object({ details: z.array(z.unknown()) }) })
/** Vertex and some gateways send the error as the only one of a list. */
const body = z.union([failed, z.tuple([failed]).transform(([only]) => only)])
const retryInfo = z.object({
  '@type': z.string().endsWith('google.rpc.RetryInfo'),
  retryDelay: z.string().regex(/^\d{1,6}(?:\.\d{1,9})?s$/),
})

/**
 * How long Google asks to wait, as `RetryInfo` in the body of an error says.
 * @returns whole milliseconds; undefined where nothing is asked
 * @see https://cloud.google.com/apis/design/errors#error_payloads
 */
export function retryInfoMs(text: string): number | undefined {
  const details = body.safeParse(parseJson(text)).data?.error.details ?? []
  const [delay] = details.flatMap((detail) => retryInfo.safeParse(detail).data?.retryDelay ?? [])
  return delay === undefined ? undefined : Math.ceil(Number(delay.slice(0, -1)) * 1000)
}
