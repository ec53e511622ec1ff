import { Badge, Group, Progress, Stack, Text } from '@mantine/core'
import type { Answer, Output } from '../api/shapes.ts'
import { numberText } from '../numbers.ts'
import { optionColor } from '../option-color.ts'

interface AnswerProps {
  readonly answer: Answer | null
  readonly output: Output | undefined
}

/** An answer in a line: the option in its color, or the number with the end of its scale. */
export function AnswerBadge({ answer, output }: AnswerProps) {
  if (answer === null) return <Text c="dimmed">none</Text>
  if (typeof answer === 'string') {
    return (
      <Badge variant="light" color={optionColor(output, answer)} tt="none" size="lg" maw="100%">
        {answer}
      </Badge>
    )
  }
  return (
    <Text component="span" fw={650} className="numbers">
      {numberText(answer)}
      {output?.type === 'REGRESSION' && (
        <Text component="span" c="dimmed" fw={400}>
          {' '}
          of {output.max}
        </Text>
      )}
    </Text>
  )
}

/** An answer among all that the judge can give: on its scale, or among its options. */
export function AnswerInFull({
  answer,
  output,
}: {
  readonly answer: Answer | null
  readonly output: Output
}) {
  return output.type === 'REGRESSION' ? (
    <OnScale answer={typeof answer === 'number' ? answer : null} output={output} />
  ) : (
    <Stack gap={6}>
      {output.options.map(({ value, description }) => {
        const isAnswer = value === answer
        return (
          <Group key={value} gap="sm" wrap="nowrap" align="flex-start">
            <Badge
              variant={isAnswer ? 'filled' : 'outline'}
              color={isAnswer ? optionColor(output, value) : 'gray'}
              tt="none"
              style={{ flexShrink: 0 }}
              maw="60%"
            >
              {value}
            </Badge>
            <Text size="sm" c={isAnswer ? undefined : 'dimmed'}>
              {description}
            </Text>
          </Group>
        )
      })}
    </Stack>
  )
}

function OnScale({
  answer,
  output,
}: {
  answer: number | null
  output: Extract<Output, { type: 'REGRESSION' }>
}) {
  const { min, max, min_description, max_description } = output
  return (
    <Stack gap={6}>
      <Text size="xl" fw={700} className="numbers">
        {answer === null ? 'no answer' : numberText(answer)}
      </Text>
      {answer !== null && (
        <Progress
          value={((answer - min) / (max - min)) * 100}
          size="lg"
          aria-label={`${numberText(answer)} on a scale from ${min} to ${max}`}
        />
      )}
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <Text size="sm" c="dimmed" maw="45%">
          {min}: {min_description}
        </Text>
        <Text size="sm" c="dimmed" maw="45%" ta="right">
          {max}: {max_description}
        </Text>
      </Group>
    </Stack>
  )
}
