import { Paper, Text, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Output } from '../../api/shapes.ts'
import { labelPairsQuery } from '../../api/trust.ts'
import { countOf, numberText } from '../../numbers.ts'
import classes from './label-scatter.module.css'

interface LabelScatterProps {
  readonly runId: string
  readonly output: Extract<Output, { type: 'REGRESSION' }>
  readonly onOpen: (recordId: string) => void
}

/** Where the judge's numbers stand beside those of people; on the line they are the same. */
export function LabelScatter({ runId, output: { min, max }, onOpen }: LabelScatterProps) {
  const { data } = useQuery(labelPairsQuery(runId))
  if (data === undefined || data.pairs.length === 0) return null
  const place = (value: number) => `${((value - min) / (max - min)) * 100}%`
  return (
    <Paper withBorder p="md">
      <Text fw={600} mb="sm">
        Judge beside people
      </Text>
      <div className={classes.frame}>
        <Text size="xs" c="dimmed" className={classes.vertical}>
          The judge says
        </Text>
        <div className={classes.plot}>
          <div className={classes.same} aria-hidden />
          {data.pairs.map(({ record_id: recordId, item_number: number, label, answer }) => (
            <UnstyledButton
              key={recordId}
              className={classes.point}
              style={{ left: place(Number(label)), bottom: place(Number(answer)) }}
              tabIndex={-1}
              title={`Record ${number}: people ${label}, judge ${answer}`}
              aria-label={`Record ${number}: people ${label}, judge ${answer}`}
              onClick={() => onOpen(recordId)}
            />
          ))}
        </div>
        <div className={classes.horizontal}>
          <Text size="xs">{numberText(min)}</Text>
          <Text size="xs" c="dimmed">
            People say
          </Text>
          <Text size="xs">{numberText(max)}</Text>
        </div>
      </div>
      <Text size="xs" c="dimmed" mt={4}>
        {data.pairs.length < data.count
          ? `The first ${data.pairs.length} of ${countOf(data.count, 'record')}.`
          : countOf(data.count, 'record')}{' '}
        The worst are listed below.
      </Text>
    </Paper>
  )
}
