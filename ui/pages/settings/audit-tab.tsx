import { Alert, Group, Select, Stack } from '@mantine/core'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError } from '../../api/api-error.ts'
import { api, taken } from '../../api/client.ts'
import { keysQuery } from '../../api/keys.ts'
import type { AuditEntry } from '../../api/openapi.ts'
import { Ago } from '../../components/ago.tsx'
import { Empty } from '../../components/states.tsx'
import {
  CellText,
  type Column,
  type Rows,
  rowsPerPage,
  VirtualTable,
} from '../../components/virtual-table.tsx'

type Action = AuditEntry['action']

const actions: readonly Action[] = [
  'judge.created',
  'judge.changed',
  'judge.deleted',
  'judgment.deleted',
  'dataset.created',
  'dataset.changed',
  'dataset.deleted',
  'record.added',
  'record.changed',
  'record.deleted',
  'file.uploaded',
  'file.deleted',
  'import.started',
  'run.started',
  'run.cancelled',
  'run.resumed',
  'run.retried',
  'run.deleted',
  'label.given',
  'label.deleted',
  'key.made',
  'key.revoked',
  'session.begun',
  'session.ended',
]

function auditQuery(action: Action | null, page: number) {
  return queryOptions({
    queryKey: ['audit', action, page],
    queryFn: async ({ signal }): Promise<Rows<AuditEntry>> => {
      const query = {
        page: String(page),
        page_size: String(rowsPerPage),
        ...(action !== null && { action: [action] }),
      }
      return (await taken(api.GET('/v1/observability/audit', { params: { query }, signal })))
        .audit as Rows<AuditEntry>
    },
  })
}

/** Who changed what, newest first. */
export function AuditTab() {
  const [action, setAction] = useState<Action | null>(null)
  const keys = useQuery(keysQuery)
  if (keys.error instanceof ApiError && keys.error.status === 403)
    return <Alert color="blue">Admins read it; the key that you signed in with has another role.</Alert>
  const names = new Map((keys.data ?? []).map(({ id, name }) => [id, name]))
  return (
    <Stack>
      <Group>
        <Select
          label="What was done"
          placeholder="Anything"
          clearable
          searchable
          data={actions.map((name) => ({ value: name, label: wordsOf(name) }))}
          value={action}
          onChange={(value) => setAction(value as Action | null)}
        />
      </Group>
      <VirtualTable
        label="Who changed what"
        columns={columnsWith(names)}
        pageQuery={(page) => auditQuery(action, page)}
        empty={<Empty title="Nothing yet">What is changed from now on stands here.</Empty>}
      />
    </Stack>
  )
}

/** 'judge.created' -> 'judge created'. */
function wordsOf(action: Action): string {
  return action.replace('.', ' ')
}

function columnsWith(names: ReadonlyMap<string, string>): Column<AuditEntry>[] {
  return [
    {
      header: 'When',
      width: '150px',
      cell: ({ at }) => (
        <CellText>
          <Ago at={at} />
        </CellText>
      ),
    },
    { header: 'What', width: '160px', cell: ({ action }) => <CellText>{wordsOf(action)}</CellText> },
    {
      header: 'With the key',
      width: '170px',
      cell: ({ key_id: id }) => (
        <CellText>{id === null ? 'the command line' : (names.get(id) ?? id)}</CellText>
      ),
    },
    {
      header: 'Of',
      width: '310px',
      cell: ({ subject_id: id }) => <CellText dimmed>{id ?? 'several'}</CellText>,
    },
    {
      header: 'More',
      width: 'minmax(200px, 1fr)',
      cell: ({ detail }) => (
        <CellText dimmed>
          {Object.entries(detail)
            .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
            .join(', ')}
        </CellText>
      ),
    },
  ]
}
