import { Badge, Group, Pagination, Select, Table, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconGavel, IconPlus, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { activeJudgesQuery, judgesPerPage, modelsQuery } from '../../api/judges.ts'
import type { ActiveJudge } from '../../api/shapes.ts'
import { Ago } from '../../components/ago.tsx'
import { AnchorLink, ButtonLink } from '../../components/links.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { Empty, Failed, Loading } from '../../components/states.tsx'
import { countOf } from '../../numbers.ts'
import { LastRun } from './last-run.tsx'

const route = getRouteApi('/shell/judges')

export function JudgesPage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const judges = useQuery(activeJudgesQuery(search))
  const isFiltered = search.q !== undefined || search.type !== undefined || search.model !== undefined
  return (
    <>
      <PageHeader
        title="Judges"
        description={
          judges.data &&
          countOf(
            judges.data.count,
            isFiltered ? 'judge that fits' : 'judge',
            isFiltered ? 'judges that fit' : 'judges',
          )
        }
        actions={
          <ButtonLink to="/judges/new" leftSection={<IconPlus size={16} aria-hidden />}>
            New judge
          </ButtonLink>
        }
      />
      <Filters />
      {judges.isPending && <Loading what="judges" />}
      {judges.isError && <Failed error={judges.error} onRetry={() => judges.refetch()} />}
      {judges.data?.count === 0 && <NoJudges isFiltered={isFiltered} />}
      {judges.data !== undefined && judges.data.count > 0 && (
        <>
          <JudgesTable judges={judges.data.results} />
          {judges.data.count > judgesPerPage && (
            <Pagination
              mt="md"
              total={Math.ceil(judges.data.count / judgesPerPage)}
              value={search.page ?? 1}
              onChange={(page) => navigate({ search: { ...search, page } })}
              getControlProps={(control) => ({ 'aria-label': `${control} page` })}
            />
          )}
        </>
      )}
    </>
  )
}

function Filters() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { data: models = [] } = useQuery(modelsQuery)
  const [text, setText] = useState(search.q ?? '')
  function put(change: typeof search, isTyped = false) {
    const { page: _, ...rest } = search
    void navigate({ search: { ...rest, ...change }, replace: isTyped })
  }
  const find = useDebouncedCallback((q: string) => put({ q: q === '' ? undefined : q }, true), 250)
  return (
    <Group mb="md" gap="sm">
      <TextInput
        aria-label="Search names and descriptions"
        placeholder="Search names and descriptions"
        leftSection={<IconSearch size={16} aria-hidden />}
        style={{ flex: '1 1 220px' }}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value)
          find(event.currentTarget.value.trim())
        }}
      />
      <Select
        aria-label="Answer"
        placeholder="Any answer"
        clearable
        w={170}
        data={[
          { value: 'CLASSIFICATION', label: 'Options' },
          { value: 'REGRESSION', label: 'A scale' },
        ]}
        value={search.type ?? null}
        onChange={(type) => put({ type: type ?? undefined })}
      />
      <Select
        aria-label="Model"
        placeholder="Any model"
        clearable
        searchable
        w={240}
        data={[...new Set([...models.map(({ id }) => id), ...(search.model ? [search.model] : [])])]}
        value={search.model ?? null}
        onChange={(model) => put({ model: model ?? undefined })}
      />
    </Group>
  )
}

function NoJudges({ isFiltered }: { readonly isFiltered: boolean }) {
  if (isFiltered)
    return <Empty title="No judge fits">Take a filter away, or search for something else.</Empty>
  return (
    <Empty
      icon={<IconGavel size={36} stroke={1.5} aria-hidden />}
      title="No judge yet"
      action={<ButtonLink to="/judges/new">Write the first one</ButtonLink>}
    >
      A judge is a model with instructions: it reads a conversation and answers a question about it.
    </Empty>
  )
}

function JudgesTable({ judges }: { readonly judges: readonly ActiveJudge[] }) {
  return (
    <Table.ScrollContainer minWidth={720}>
      <Table highlightOnHover verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Judge</Table.Th>
            <Table.Th w={120}>Answer</Table.Th>
            <Table.Th>Model</Table.Th>
            <Table.Th>Last run</Table.Th>
            <Table.Th w={130}>Changed</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {judges.map(({ judge, last_run: lastRun }) => (
            <Table.Tr key={judge.id}>
              <Table.Td maw={380}>
                <AnchorLink to="/judges/$judgeId" params={{ judgeId: judge.id }} fw={600}>
                  {judge.name}
                </AnchorLink>
                <Text size="sm" c="dimmed" lineClamp={2}>
                  {judge.description}
                </Text>
              </Table.Td>
              <Table.Td>
                <Badge variant="default" tt="none" miw="max-content">
                  {judge.output.type === 'CLASSIFICATION'
                    ? countOf(judge.output.options.length, 'option')
                    : `${judge.output.min} to ${judge.output.max}`}
                </Badge>
              </Table.Td>
              <Table.Td>
                <Text size="sm">{judge.model_name}</Text>
              </Table.Td>
              <Table.Td>
                <LastRun run={lastRun} />
              </Table.Td>
              <Table.Td>
                <Text size="sm">
                  <Ago at={judge.updated_at} />
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
