import { readConversation } from '../judging/conversation.ts'
import { writeTurns } from '../judging/prompt.ts'
import { visibleText } from './visible-text.ts'

/** A conversation for a person to read: who says what, and nothing in it that the terminal would obey. */
export function recordText(messages: readonly unknown[], title: string): string {
  const lines = writeTurns(readConversation(messages).turns).split('\n').map(visibleText)
  return `${'─'.repeat(8)} ${title}\n${lines.join('\n')}`
}
