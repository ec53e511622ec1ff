import { Group, Stack, Text, UnstyledButton } from '@mantine/core'
import type { Output } from '../../api/shapes.ts'
import { countText, numberText, shareText } from '../../numbers.ts'
import { optionColor } from '../../option-color.ts'
import classes from './answer-picture.module.css'

export type AnswerGroup = { answer: string; count: number } | { from: number; to: number; count: number }

interface AnswerPictureProps {
  readonly groups: readonly AnswerGroup[]
  readonly output: Output | undefined
  readonly chosen: string | undefined
  /** Chooses an answer, or none. */
  readonly onChoose: (answer: string | undefined) => void
}

/** How often which answer was given. A click shows the judgments with it. */
export function AnswerPicture({ groups, output, chosen, onChoose }: AnswerPictureProps) {
  const answered = groups.reduce((sum, { count }) => sum + count, 0)
  if (answered === 0)
    return (
      <Text size="sm" c="dimmed">
        No answer yet.
      </Text>
    )
  const options = withUnused(groups, output)
  return options === undefined ? (
    <Histogram {...{ groups, chosen, onChoose }} />
  ) : (
    <Stack gap={6}>
      {options.map(({ answer, count }) => (
        <UnstyledButton
          key={answer}
          className={classes.option}
          aria-pressed={chosen === answer}
          onClick={() => onChoose(chosen === answer ? undefined : answer)}
        >
          <Group gap="sm" wrap="nowrap">
            <Text
              size="sm"
              w={{ base: 100, xs: 150 }}
              truncate
              title={answer}
              fw={chosen === answer ? 700 : 500}
            >
              {answer}
            </Text>
            <div className={classes.track}>
              <div
                className={classes.bar}
                style={{
                  width: `${(count / answered) * 100}%`,
                  background: `var(--mantine-color-${optionColor(output, answer)}-filled)`,
                }}
              />
            </div>
            <Text size="sm" w={110} ta="right" className="numbers">
              {countText(count)} · {shareText(count / answered)}
            </Text>
          </Group>
        </UnstyledButton>
      ))}
    </Stack>
  )
}

/** Every option in the judge's order, those that nobody gave too; undefined where answers are numbers. */
function withUnused(groups: readonly AnswerGroup[], output: Output | undefined) {
  const given = groups.filter((group) => 'answer' in group)
  if (output?.type === 'REGRESSION' || given.length < groups.length) return undefined
  if (output === undefined) return given
  return output.options.map(({ value }) => ({
    answer: value,
    count: given.find(({ answer }) => answer === value)?.count ?? 0,
  }))
}

type HistogramProps = Pick<AnswerPictureProps, 'groups' | 'chosen' | 'onChoose'>

function Histogram({ groups, chosen, onChoose }: HistogramProps) {
  const numbers = groups.filter((group) => 'from' in group)
  const most = Math.max(...numbers.map(({ count }) => count))
  const mean = meanOf(numbers)
  return (
    <Stack gap={4}>
      <div className={classes.histogram}>
        {numbers.map(({ from, to, count }) => {
          const isOne = from === to
          const name = isOne ? numberText(from) : `${numberText(from)} to ${numberText(to)}`
          return (
            <UnstyledButton
              key={from}
              className={classes.column}
              disabled={!isOne}
              aria-pressed={chosen === String(from)}
              aria-label={numbers.length <= 12 ? undefined : `${name}: ${countText(count)}`}
              title={`${name}: ${countText(count)}`}
              onClick={() => onChoose(chosen === String(from) ? undefined : String(from))}
            >
              {numbers.length <= 12 && (
                <Text size="xs" className="numbers">
                  {countText(count)}
                </Text>
              )}
              <div className={classes.pillar} style={{ height: `${(count / most) * 140}px` }} />
              {numbers.length <= 12 && (
                <Text size="xs" className="numbers" fw={chosen === String(from) ? 700 : 400}>
                  {name}
                </Text>
              )}
            </UnstyledButton>
          )
        })}
      </div>
      {numbers.length > 12 && (
        <Group justify="space-between">
          <Text size="xs">{numberText(numbers[0]?.from ?? 0)}</Text>
          <Text size="xs">{numberText(numbers.at(-1)?.to ?? 0)}</Text>
        </Group>
      )}
      {mean !== undefined && (
        <Text size="sm" c="dimmed">
          {numbers.every(({ from, to }) => from === to) ? 'On the mean' : 'On the mean about'}{' '}
          {numberText(mean)}
        </Text>
      )}
    </Stack>
  )
}

function meanOf(numbers: readonly { from: number; to: number; count: number }[]): number | undefined {
  const count = numbers.reduce((sum, group) => sum + group.count, 0)
  if (count === 0) return undefined
  return numbers.reduce((sum, group) => sum + ((group.from + group.to) / 2) * group.count, 0) / count
}
