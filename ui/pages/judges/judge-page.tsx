import { Badge, Button, Code, Grid, Group, Menu, Modal, Paper, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconCopy, IconDots, IconHistory, IconPencil, IconPlayerPlay, IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { judgeQuery, removeJudge } from '../../api/judges.ts'
import type { Judge } from '../../api/shapes.ts'
import { Ago } from '../../components/ago.tsx'
import { AnswerInFull } from '../../components/answer.tsx'
import { ConfirmRemoval } from '../../components/confirm-removal.tsx'
import { ButtonLink, MenuItemLink } from '../../components/links.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { Failed, Loading } from '../../components/states.tsx'
import { JudgmentsTable } from './judgments-table.tsx'
import { LastRunOf } from './last-run.tsx'

const route = getRouteApi('/shell/judges/$judgeId')

/** A judge as it is saved, and what it said lately. */
export function JudgePage() {
  const { judgeId } = route.useParams()
  const saved = useQuery(judgeQuery(judgeId))
  if (saved.isPending) return <Loading what="the judge" />
  if (saved.isError) return <Failed error={saved.error} onRetry={() => saved.refetch()} />
  const { judge } = saved.data
  return (
    <>
      <PageHeader
        title={judge.name}
        above={[{ to: '/judges', label: 'Judges' }]}
        description={judge.description}
        actions={<Actions judge={judge} />}
      />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Paper withBorder p="md">
            <Text fw={600} mb="xs">
              Instructions
            </Text>
            <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
              {judge.instructions}
            </Code>
          </Paper>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack>
            <Paper withBorder p="md">
              <Text fw={600} mb="xs">
                Answer
              </Text>
              <AnswerInFull answer={null} output={judge.output} />
            </Paper>
            <About judge={judge} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={12}>
          <Text fw={600} mb="xs" component="h2" size="lg">
            Live judgments
          </Text>
          <JudgmentsTable judge={judge} />
        </Grid.Col>
      </Grid>
    </>
  )
}

function About({ judge }: { readonly judge: Judge }) {
  return (
    <Paper withBorder p="md">
      <Stack gap="xs">
        <Row name="Model">{judge.model_name}</Row>
        <Row name="Tools">
          {judge.tools.length === 0 ? (
            'none'
          ) : (
            <Group gap={4}>
              {judge.tools.map((tool) => (
                <Badge key={tool} variant="default" tt="none">
                  {tool}
                </Badge>
              ))}
            </Group>
          )}
        </Row>
        <Row name="Changed">
          <Ago at={judge.updated_at} />
        </Row>
        <Row name="Last run">
          <LastRunOf judgeId={judge.id} />
        </Row>
        <Row name="Id">
          <Code style={{ overflowWrap: 'anywhere' }}>{judge.id}</Code>
        </Row>
      </Stack>
    </Paper>
  )
}

function Row({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <Group gap="sm" align="flex-start" wrap="nowrap">
      <Text size="sm" c="dimmed" w={80} style={{ flexShrink: 0 }}>
        {name}
      </Text>
      <Text size="sm" component="div" miw={0}>
        {children}
      </Text>
    </Group>
  )
}

function Actions({ judge }: { readonly judge: Judge }) {
  const params = { judgeId: judge.id }
  const [isRemoving, { open, close }] = useDisclosure(false)
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" px="xs" aria-label="More">
            <IconDots size={18} aria-hidden />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <MenuItemLink
            to="/judges/$judgeId/revisions"
            params={params}
            leftSection={<IconHistory size={16} aria-hidden />}
          >
            Revisions
          </MenuItemLink>
          <MenuItemLink
            to="/judges/new"
            search={{ copy: judge.id }}
            leftSection={<IconCopy size={16} aria-hidden />}
          >
            Make a copy
          </MenuItemLink>
          <Menu.Item color="red" leftSection={<IconTrash size={16} aria-hidden />} onClick={open}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ButtonLink
        to="/judges/$judgeId/edit"
        params={params}
        variant="default"
        leftSection={<IconPencil size={16} aria-hidden />}
      >
        Edit and try
      </ButtonLink>
      <ButtonLink
        to="/runs/new"
        search={{ judge: judge.id }}
        leftSection={<IconPlayerPlay size={16} aria-hidden />}
      >
        Run on a dataset
      </ButtonLink>
      <Modal opened={isRemoving} onClose={close} title={`Delete “${judge.name}”?`}>
        <Removal judge={judge} onCancel={close} />
      </Modal>
    </>
  )
}

function Removal({ judge, onCancel }: { readonly judge: Judge; readonly onCancel: () => void }) {
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const removing = useMutation({
    mutationFn: () => removeJudge(judge.id),
    onSuccess: async () => {
      notifications.show({ message: `“${judge.name}” is deleted.` })
      await navigate({ to: '/judges' })
      await queryClient.invalidateQueries({ queryKey: ['judges'] })
    },
  })
  return (
    <ConfirmRemoval removing={removing} onCancel={onCancel}>
      It can not be run any more, and this can not be undone. Its runs and their judgments stay.
    </ConfirmRemoval>
  )
}
