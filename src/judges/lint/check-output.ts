import type { Option } from '../definition.ts'
import type { Check, Sight } from './finding.ts'

const mostLevels = 10

export const tooManyLevels: Check = ({ output }) => {
  const levels = output.type === 'CLASSIFICATION' ? output.options.length : output.max - output.min
  if (levels <= mostLevels) return []
  const [path, what] =
    output.type === 'CLASSIFICATION'
      ? ['output.options', `${levels} options`]
      : ['output.max', `A scale from ${output.min} to ${output.max}`]
  const message = `${what}: people and models tell fewer than about ${mostLevels} levels apart reliably; take fewer, each described, or several judges.`
  return [{ code: 'too_many_levels', path, message }]
}

export const optionWithoutDescription: Check = ({ output }) =>
  output.type === 'REGRESSION'
    ? []
    : output.options.flatMap(({ value, description }, at): Sight[] => {
        const says = foldDescription(description)
        if (says !== '' && says !== foldDescription(value)) return []
        const message = `The option ${JSON.stringify(value)} is not described; say when it is the answer, so that the model and people mean the same by it.`
        return [{ code: 'option_without_description', path: `output.options[${at}].description`, message }]
      })

export const endWithoutDescription: Check = ({ output }) => {
  if (output.type === 'CLASSIFICATION') return []
  const ends = [
    ['min', output.min, output.minDescription],
    ['max', output.max, output.maxDescription],
  ] as const
  return ends
    .filter(([, , description]) => foldDescription(description) === '')
    .map(([end, value]) => ({
      code: 'end_without_description',
      path: `output.${end}_description`,
      message: `What ${value} means is not described; say what a response that gets it is like.`,
    }))
}

export const describedAlike: Check = ({ output }) => {
  if (output.type === 'REGRESSION') {
    const isAlike =
      foldDescription(output.minDescription) !== '' &&
      foldDescription(output.minDescription) === foldDescription(output.maxDescription)
    const message = 'Both ends of the scale are described alike; say what sets them apart.'
    return isAlike ? [{ code: 'described_alike', path: 'output.max_description', message }] : []
  }
  return repeats(output.options, ({ description }) => foldDescription(description)).map(
    ({ at, option, earlier }) => ({
      code: 'described_alike',
      path: `output.options[${at}].description`,
      message: `The options ${JSON.stringify(earlier.value)} and ${JSON.stringify(option.value)} are described alike; say what sets them apart.`,
    }),
  )
}

export const optionsAlike: Check = ({ output }) =>
  output.type === 'REGRESSION'
    ? []
    : repeats(output.options, ({ value }) => labelKey(value)).map(({ at, option, earlier }) => ({
        code: 'options_alike',
        path: `output.options[${at}].value`,
        message: `The options ${JSON.stringify(earlier.value)} and ${JSON.stringify(option.value)} differ in case, spaces or punctuation only, so that an answer that is not spelled to the letter could be either; take words that differ.`,
      }))

const waysOut =
  /unknown|unclear|unsure|uncertain|unrelated|undecid|undetermin|insufficient|ambiguous|\b(?:cannot|can['’]?t|can not|could not)\b|\bnot[ _-](?:applicable|enough|sure|possible|relevant|given|known|stated|clear)|\bno[ _-](?:answer|opinion|preference|evidence|information)\b|\bn\/?a\b|\b(?:neither|none|neutral|other|tie|abstain|skip|no one|both)\b/i

export const noWayOut: Check = ({ output }) => {
  if (output.type === 'REGRESSION' || output.options.length < 2) return []
  const hasWayOut = output.options.some(({ value, description }) =>
    waysOut.test(`${value.replaceAll('_', ' ')} ${value} ${description}`),
  )
  if (hasWayOut) return []
  const message =
    'No option says that none can be told, so that the model has to guess where the question does not apply; think of one such as "cannot_tell".'
  return [{ code: 'no_way_out', path: 'output.options', message }]
}

interface Repeat {
  readonly at: number
  readonly option: Option
  readonly earlier: Option
}

function repeats(options: readonly Option[], keyOf: (option: Option) => string): readonly Repeat[] {
  const seen = new Map<string, Option>()
  return options.flatMap((option, at) => {
    const key = keyOf(option)
    const earlier = seen.get(key)
    if (earlier === undefined) seen.set(key, option)
    return key === '' || earlier === undefined ? [] : [{ at, option, earlier }]
  })
}

/** A description without what makes no difference to its meaning. */
function foldDescription(text: string): string {
  return labelKey(text.replaceAll(/[.,;:!?()]+/g, ' '))
}

/** What labels are compared by: case, width, outer marks and what separates words make no difference. */
export function labelKey(label: string): string {
  const plain = label.normalize('NFKC').toUpperCase().toLowerCase()
  const inner = plain.replace(/^[\s"'`“”‘’„«»*_~]+/, '').replace(/[\s"'`“”‘’„«»*_~.,;:!?]+$/, '')
  return inner.replaceAll(/(?<=[\p{L}\p{N}])[\s_-]+(?=[\p{L}\p{N}])/gu, ' ')
}
