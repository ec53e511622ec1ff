import { Badge, Group, SimpleGrid, Stack, Text, ThemeIcon } from '@mantine/core'
import { IconCheck, IconDatabase, IconGavel, IconPlayerPlay } from '@tabler/icons-react'
import { CardLink } from '../../components/links.tsx'

interface FirstStepsProps {
  readonly judges: number
  readonly datasets: number
  readonly runs: number
}

/** The two examples of a new server are no judge of one's own. */
const exampleJudges = 2

/** The way of a newcomer to a first run that can be trusted. */
export function FirstSteps({ judges, datasets, runs }: FirstStepsProps) {
  const steps = [
    {
      to: '/judges/new',
      icon: IconGavel,
      title: 'Write a judge',
      text: 'Begin with a template, and try it on a conversation before you save it.',
      isDone: judges > exampleJudges,
    },
    {
      to: '/datasets/new',
      icon: IconDatabase,
      title: 'Upload a dataset',
      text: 'A file of conversations: JSON lines, CSV or Parquet.',
      isDone: datasets > 0,
    },
    {
      to: '/runs/new',
      icon: IconPlayerPlay,
      title: 'Run it, then label ten',
      text: 'The run judges every record; ten labels tell how far it can be believed.',
      isDone: runs > 0,
    },
  ] as const
  return (
    <SimpleGrid cols={{ base: 1, sm: 3 }}>
      {steps.map(({ to, icon: Icon, title, text, isDone }, index) => (
        <CardLink key={to} to={to} withBorder padding="md">
          <Stack gap="xs">
            <Group justify="space-between">
              <ThemeIcon variant="light" size="lg" color={isDone ? 'green' : undefined}>
                {isDone ? <IconCheck size={20} aria-hidden /> : <Icon size={20} aria-hidden />}
              </ThemeIcon>
              <Badge variant="default" tt="none">
                {isDone ? 'done' : `step ${index + 1}`}
              </Badge>
            </Group>
            <Text fw={650}>{title}</Text>
            <Text size="sm" c="dimmed">
              {text}
            </Text>
          </Stack>
        </CardLink>
      ))}
    </SimpleGrid>
  )
}
