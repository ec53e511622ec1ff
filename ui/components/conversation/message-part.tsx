import { Badge, Image, Text } from '@mantine/core'
import { IconPaperclip } from '@tabler/icons-react'
import { Folded } from '../folded.tsx'
import { JsonBlock } from '../json-block.tsx'
import classes from './conversation.module.css'
import type { Part } from './read-messages.ts'

interface MessagePartProps {
  readonly part: Part
  /** Whether its text is likely JSON, as tools give it. */
  readonly isJsonLikely: boolean
}

/** A part of a message. Texts are shown as they are: what is judged is hostile, and nothing in it becomes markup. */
export function MessagePart({ part, isJsonLikely }: MessagePartProps) {
  switch (part.kind) {
    case 'text':
      return <ShownText text={part.text} isJsonLikely={isJsonLikely} />
    case 'reasoning':
      return (
        <details className={classes.reasoning}>
          <summary>Reasoning</summary>
          <Text size="sm" className={classes.text}>
            {part.text}
          </Text>
        </details>
      )
    case 'image':
      return <Image src={part.url} alt="In the conversation" maw={420} mah={420} fit="contain" radius="sm" />
    case 'attachment':
      return (
        <Badge variant="default" tt="none" leftSection={<IconPaperclip size={12} aria-hidden />} maw="100%">
          {part.name}
        </Badge>
      )
    case 'json':
      return <JsonBlock value={part.value} label="A part of the message" />
  }
}

function ShownText({ text, isJsonLikely }: { readonly text: string; readonly isJsonLikely: boolean }) {
  const value = isJsonLikely ? objectIn(text) : undefined
  if (value !== undefined) return <JsonBlock value={value} label="Result" />
  return (
    <Folded maxHeight={360}>
      <Text size="sm" className={classes.text}>
        {text}
      </Text>
    </Folded>
  )
}

function objectIn(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
