import { Alert, Paper, Stack, Text } from '@mantine/core'
import type { Output } from '../../api/shapes.ts'
import { IntervalAxis, IntervalLine } from '../../components/interval/interval-line.tsx'
import { numberText, shareText } from '../../numbers.ts'
import { type Estimate, estimateInWords } from './estimate-in-words.ts'

interface EstimatePictureProps {
  readonly estimate: Estimate
  readonly output: Output
}

/** What the judge says of all records beside what people would say of them. */
export function EstimatePicture({ estimate, output }: EstimatePictureProps) {
  const [first, ...others] = estimateInWords(estimate, output)
  return (
    <Paper withBorder p="md">
      <Stack gap="md">
        {estimate.kind === 'refused' ? (
          <Alert color="orange" title="What people would say of all records can not be told yet">
            {first}
          </Alert>
        ) : (
          <div>
            <Text size="lg" fw={600}>
              {first}
            </Text>
            {others.map((sentence) => (
              <Text key={sentence} c="dimmed">
                {sentence}
              </Text>
            ))}
          </div>
        )}
        {estimate.kind === 'shares' && <Shares estimate={estimate} />}
        {estimate.kind === 'mean' && output.type === 'REGRESSION' && (
          <Mean estimate={estimate} output={output} />
        )}
      </Stack>
    </Paper>
  )
}

function Shares({ estimate }: { readonly estimate: Extract<Estimate, { kind: 'shares' }> }) {
  return (
    <Stack gap="sm">
      {estimate.shares.map(({ option, naive, corrected }) => (
        <div key={option}>
          <Text size="sm" fw={650} mb={2}>
            {option}
          </Text>
          <IntervalLine
            name="The judge says"
            interval={{ value: naive.share, low: null, high: null }}
            from={0}
            to={1}
            show={shareText}
          />
          <IntervalLine
            name="People would say"
            interval={{ value: corrected.share, low: corrected.low, high: corrected.high }}
            from={0}
            to={1}
            show={shareText}
            isStrong
          />
        </div>
      ))}
      <IntervalAxis from={0} to={1} show={shareText} />
    </Stack>
  )
}

interface MeanProps {
  readonly estimate: Extract<Estimate, { kind: 'mean' }>
  readonly output: Extract<Output, { type: 'REGRESSION' }>
}

function Mean({ estimate: { naive, corrected }, output: { min, max } }: MeanProps) {
  const axis = { from: min, to: max, show: numberText }
  return (
    <div>
      <IntervalLine name="The judge says" interval={{ value: naive, low: null, high: null }} {...axis} />
      <IntervalLine
        name="People would say"
        interval={{ value: corrected.mean, low: corrected.low, high: corrected.high }}
        {...axis}
        isStrong
      />
      <IntervalAxis {...axis} />
    </div>
  )
}
