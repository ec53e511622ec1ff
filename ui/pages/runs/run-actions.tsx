import { Button, Menu } from '@mantine/core'
import {
  IconArrowsDiff,
  IconDots,
  IconDownload,
  IconPlayerPlay,
  IconPlayerStop,
  IconRefresh,
  IconScale,
  IconTags,
} from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { cancelRun, resumeRun, retryRun } from '../../api/runs.ts'
import type { Run } from '../../api/shapes.ts'
import { ButtonLink, MenuItemLink } from '../../components/links.tsx'
import { FailedNote } from '../../components/states.tsx'

const size = 16

/** What can be done with a run in its state. */
export function RunActions({ run }: { readonly run: Run }) {
  const queryClient = useQueryClient()
  const changing = useMutation({
    mutationFn: (change: (runId: string) => Promise<void>) => change(run.id),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['runs'] }),
  })
  const failed = run.total - run.pending - run.outcomes.answered
  const isOver = run.state !== 'running'
  const params = { runId: run.id }
  return (
    <>
      {changing.isError && <FailedNote error={changing.error} />}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" px="xs" aria-label="More">
            <IconDots size={18} aria-hidden />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {['jsonl', 'csv'].map((format) => (
            <Menu.Item
              key={format}
              component="a"
              href={`/v1/observability/runs/${run.id}/judgments.${format}`}
              download
              leftSection={<IconDownload size={size} aria-hidden />}
            >
              Download as {format === 'csv' ? 'CSV' : 'JSON lines'}
            </Menu.Item>
          ))}
          <MenuItemLink
            to="/runs/$runId/compare"
            params={params}
            leftSection={<IconArrowsDiff size={size} aria-hidden />}
          >
            Compare with another run
          </MenuItemLink>
          {isOver && failed > 0 && (
            <Menu.Item
              leftSection={<IconRefresh size={size} aria-hidden />}
              onClick={() => changing.mutate(retryRun)}
            >
              Judge again what has no answer
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {!isOver && (
        <Button
          variant="default"
          leftSection={<IconPlayerStop size={size} aria-hidden />}
          loading={changing.isPending}
          onClick={() => changing.mutate(cancelRun)}
        >
          Cancel
        </Button>
      )}
      {isOver && run.pending > 0 && (
        <Button
          variant="default"
          leftSection={<IconPlayerPlay size={size} aria-hidden />}
          loading={changing.isPending}
          onClick={() => changing.mutate(resumeRun)}
        >
          Resume
        </Button>
      )}
      <ButtonLink
        to="/runs/$runId/label"
        params={params}
        variant="default"
        leftSection={<IconTags size={size} aria-hidden />}
      >
        Label
      </ButtonLink>
      <ButtonLink to="/runs/$runId/trust" params={params} leftSection={<IconScale size={size} aria-hidden />}>
        Can it be trusted?
      </ButtonLink>
    </>
  )
}
