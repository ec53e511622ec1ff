import { Paper, Stack, Text } from '@mantine/core'
import type { Agreement, Output } from '../../api/shapes.ts'
import { IntervalAxis, IntervalLine } from '../../components/interval/interval-line.tsx'
import { countOf, numberText, shareText } from '../../numbers.ts'
import { LeftOut } from './left-out.tsx'

type Measure = {
  readonly value: number
  readonly low: number | null
  readonly high: number | null
  readonly count: number
}

interface Line {
  readonly name: string
  readonly measure: Measure | null
  readonly show: (value: number) => string
  readonly marks?: readonly { readonly value: number; readonly label: string }[]
}

interface AgreementMeasuresProps {
  readonly agreement: Agreement
  readonly output: Output
}

/** How far the judge agrees with people, each measure with its interval. */
export function AgreementMeasures({ agreement, output }: AgreementMeasuresProps) {
  const groups = agreement.labels.compared === 0 ? [] : groupsOf(agreement, output)
  return (
    <Paper withBorder p="md">
      <Text fw={600} mb={4}>
        Agreement with people
      </Text>
      <Text size="sm" c="dimmed" mb="sm">
        {agreement.labels.compared === 0
          ? 'No record can be compared yet: on none did both people and judge give an answer.'
          : `On ${countOf(agreement.labels.compared, 'record')} that both answered. Bars show where the true value lies with 95% confidence.`}
      </Text>
      <Stack gap="md">
        {groups.map(({ from, to, show, lines }) => (
          <div key={lines.map(({ name }) => name).join()}>
            {lines.map(
              ({ name, measure, marks }) =>
                measure !== null && (
                  <IntervalLine
                    key={name}
                    name={name}
                    interval={measure}
                    from={from}
                    to={to}
                    show={show}
                    marks={marks}
                    isStrong
                  />
                ),
            )}
            <IntervalAxis from={from} to={to} show={show} />
          </div>
        ))}
      </Stack>
      <People agreement={agreement} />
    </Paper>
  )
}

function groupsOf({ agreement, people }: Agreement, output: Output) {
  if (agreement === null) return []
  const { ceiling } = people
  const mark = (measure: Measure | null, label: string) =>
    measure === null ? [] : [{ value: measure.value, label }]
  if (agreement.type === 'CLASSIFICATION') {
    const baseline = agreement.majority_share
    const shares: Line[] = [
      {
        name: 'Accuracy',
        measure: agreement.accuracy,
        show: shareText,
        marks: [
          ...(baseline === null ? [] : [{ value: baseline, label: 'always the most frequent' }]),
          ...mark(ceiling.accuracy, 'one person'),
        ],
      },
      { name: 'Balanced accuracy', measure: agreement.balanced_accuracy, show: shareText },
    ]
    const kappas: Line[] = [
      {
        name: 'Cohen’s kappa',
        measure: agreement.kappa,
        show: numberText,
        marks: mark(ceiling.kappa, 'one person'),
      },
    ]
    return [
      { from: 0, to: 1, show: shareText, lines: shares },
      { from: -1, to: 1, show: numberText, lines: kappas },
    ]
  }
  const width = output.type === 'REGRESSION' ? output.max - output.min : 1
  const correlations: Line[] = [
    {
      name: 'Pearson',
      measure: agreement.pearson,
      show: numberText,
      marks: mark(ceiling.pearson, 'one person'),
    },
    { name: 'Spearman', measure: agreement.spearman, show: numberText },
    { name: 'Kendall’s tau', measure: agreement.kendall, show: numberText },
  ]
  const errors: Line[] = [
    {
      name: 'Mean error',
      measure: agreement.mean_absolute_error,
      show: numberText,
      marks: mark(ceiling.mean_absolute_error, 'one person'),
    },
  ]
  const bias: Line[] = [{ name: 'Bias of the judge', measure: agreement.bias, show: numberText }]
  return [
    { from: -1, to: 1, show: numberText, lines: correlations },
    { from: 0, to: width, show: numberText, lines: errors },
    { from: -width, to: width, show: numberText, lines: bias },
  ]
}

function People({ agreement: { people, labels } }: { readonly agreement: Agreement }) {
  return (
    <Stack gap={4} mt="md">
      <Text size="sm" c="dimmed">
        Labels of {labels.people.join(', ')}.
        {people.krippendorffs_alpha !== null &&
          ` Among themselves they agree with a Krippendorff’s alpha of ${numberText(people.krippendorffs_alpha.value)} on ${countOf(people.records, 'record')} with two labels or more.`}
      </Text>
      <LeftOut labels={labels} />
    </Stack>
  )
}
