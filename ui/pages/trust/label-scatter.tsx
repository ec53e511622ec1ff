import { Paper, Text, UnstyledButton } from '@mantine/core'
import { useRovingIndex } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Output } from '../../api/shapes.ts'
import { labelPairsQuery } from '../../api/trust.ts'
import { Failed, Loading } from '../../components/states.tsx'
import { countOf, numberText } from '../../numbers.ts'
import classes from './label-scatter.module.css'

interface Pair {
  readonly record_id: string
  readonly item_number: number
  readonly label: string | number
  readonly answer: string | number
}

type Scale = Extract<Output, { type: 'REGRESSION' }>

interface LabelScatterProps {
  readonly runId: string
  readonly output: Scale
  readonly onOpen: (recordId: string) => void
}

/** Where the judge's numbers stand beside those of people; on the line they are the same. */
export function LabelScatter({ runId, output, onOpen }: LabelScatterProps) {
  const { data, isPending, error, refetch } = useQuery(labelPairsQuery(runId))
  if (data?.pairs.length === 0) return null
  return (
    <Paper withBorder p="md">
      <Text fw={600} mb="sm">
        Judge beside people
      </Text>
      {isPending && <Loading what="the pairs" />}
      {data === undefined && error !== null && <Failed error={error} onRetry={() => refetch()} />}
      {data !== undefined && (
        <>
          <Plot pairs={fromLeft(data.pairs)} output={output} onOpen={onOpen} />
          <Text size="xs" c="dimmed">
            {data.pairs.length < data.count
              ? `The first ${data.pairs.length} of ${countOf(data.count, 'record')}.`
              : `${countOf(data.count, 'record')}.`}{' '}
            The worst are listed below.
          </Text>
        </>
      )}
    </Paper>
  )
}

/** The order in which arrow keys go through them. */
function fromLeft(pairs: readonly Pair[]): readonly Pair[] {
  return pairs.toSorted((a, b) => Number(a.label) - Number(b.label) || Number(a.answer) - Number(b.answer))
}

interface PlotProps extends Pick<LabelScatterProps, 'output' | 'onOpen'> {
  readonly pairs: readonly Pair[]
}

function Plot({ pairs, output: { min, max }, onOpen }: PlotProps) {
  const [pointed, setPointed] = useState<Pair>()
  const { getItemProps, setFocusedIndex } = useRovingIndex({
    total: pairs.length,
    orientation: 'both',
    loop: false,
  })
  const place = (value: Pair['label']) => `${((Number(value) - min) / (max - min)) * 100}%`
  return (
    <>
      <div className={classes.frame}>
        <Text size="xs" c="dimmed" className={classes.vertical}>
          The judge says
        </Text>
        <div className={classes.plot} role="group" aria-label="Records by what people and the judge say">
          <div className={classes.same} aria-hidden />
          {pairs.map((pair, index) => (
            <UnstyledButton
              key={pair.record_id}
              className={classes.point}
              style={{ left: place(pair.label), bottom: place(pair.answer) }}
              aria-label={pairInWords(pair)}
              {...getItemProps({ index, onClick: () => onOpen(pair.record_id) })}
              onFocus={() => {
                setFocusedIndex(index)
                setPointed(pair)
              }}
              onMouseEnter={() => setPointed(pair)}
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
      <Text size="xs" mt={4} className="numbers">
        {pointed === undefined
          ? 'Point at a record to see what it is, or go through them with Tab and the arrow keys.'
          : pairInWords(pointed)}
      </Text>
    </>
  )
}

function pairInWords({ item_number: number, label, answer }: Pair): string {
  return `Record ${number}: people ${label}, judge ${answer}`
}
