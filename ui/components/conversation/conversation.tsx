import { Badge, Group, Paper, Stack, Text } from '@mantine/core'
import { IconRobot, IconSettings, IconTool, IconUser } from '@tabler/icons-react'
import { JsonBlock } from '../json-block.tsx'
import classes from './conversation.module.css'
import { MessagePart } from './message-part.tsx'
import { readMessages, type ShownMessage, type ToolCall } from './read-messages.ts'

interface ConversationProps {
  readonly messages: readonly unknown[]
  readonly properties?: Readonly<Record<string, unknown>> | null
}

/** A conversation as a chat: who said what, tools and their results, images and reasoning, and what is known beside it. */
export function Conversation({ messages, properties }: ConversationProps) {
  const hasProperties = properties !== null && properties !== undefined && Object.keys(properties).length > 0
  return (
    <Stack gap="sm">
      <Stack component="ol" gap="sm" className={classes.list} aria-label="Conversation">
        {readMessages(messages).map((message, index) => (
          // Messages have no name of their own, and never change places.
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          <Message key={index} message={message} />
        ))}
      </Stack>
      {hasProperties && (
        <Paper withBorder p="sm">
          <Text size="sm" fw={600} mb={4}>
            Properties
          </Text>
          <JsonBlock value={properties} label="Properties" />
        </Paper>
      )}
    </Stack>
  )
}

const speakers = {
  user: { label: 'User', icon: IconUser },
  assistant: { label: 'Assistant', icon: IconRobot },
  system: { label: 'System', icon: IconSettings },
  developer: { label: 'Developer', icon: IconSettings },
  tool: { label: 'Tool result', icon: IconTool },
  function: { label: 'Tool result', icon: IconTool },
} as const

function Message({ message }: { readonly message: ShownMessage }) {
  const { role, name, parts, toolCalls } = message
  const { label, icon: Icon } = Object.hasOwn(speakers, role)
    ? speakers[role as keyof typeof speakers]
    : { label: role, icon: IconUser }
  return (
    <li className={classes.message} data-role={role}>
      <Group gap={6} mb={4}>
        <Icon size={15} stroke={1.8} aria-hidden />
        <Text size="xs" fw={650}>
          {label}
        </Text>
        {name !== undefined && (
          <Badge variant="default" size="xs" tt="none">
            {name}
          </Badge>
        )}
      </Group>
      <Stack gap="xs">
        {parts.map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts never change places
          <MessagePart key={index} part={part} isJsonLikely={role === 'tool' || role === 'function'} />
        ))}
        {parts.length === 0 && toolCalls.length === 0 && (
          <Text size="sm" c="dimmed" fs="italic">
            says nothing
          </Text>
        )}
        {toolCalls.map((call, index) => (
          <Call key={call.id ?? index} call={call} />
        ))}
      </Stack>
    </li>
  )
}

function Call({ call }: { readonly call: ToolCall }) {
  return (
    <div className={classes.call}>
      <Group gap={6}>
        <IconTool size={14} aria-hidden />
        <Text size="sm" fw={600}>
          calls {call.name}
        </Text>
      </Group>
      <JsonBlock value={parsed(call.arguments)} label={`Arguments of ${call.name}`} />
    </div>
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
