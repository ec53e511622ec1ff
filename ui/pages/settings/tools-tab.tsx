import { Code, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { toolsQuery } from '../../api/judges.ts'
import { Empty, Failed, Loading } from '../../components/states.tsx'

/** What judges may look up. */
export function ToolsTab() {
  const tools = useQuery(toolsQuery)
  if (tools.isPending) return <Loading what="tools" />
  if (tools.isError) return <Failed error={tools.error} onRetry={() => tools.refetch()} />
  if (tools.data.length === 0)
    return (
      <Empty title="No tools">
        Tools are named in the file of settings: MCP servers, pages of the web, searches. Judges can then look
        things up before they answer.
      </Empty>
    )
  return (
    <Table.ScrollContainer minWidth={480}>
      <Table verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={260}>Tool</Table.Th>
            <Table.Th>What it does</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {tools.data.map(({ name, description }) => (
            <Table.Tr key={name}>
              <Table.Td>
                <Code>{name}</Code>
              </Table.Td>
              <Table.Td>
                <Text size="sm">{description}</Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
