import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

const look = EditorView.theme({
  '&': { fontSize: '13.5px', backgroundColor: 'var(--assize-surface)', borderRadius: '8px' },
  '&.cm-focused': { outline: '2px solid var(--mantine-primary-color-filled)' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)' },
  '.cm-content': { caretColor: 'var(--mantine-color-text)', padding: '10px 4px' },
  '.cm-gutters': { backgroundColor: 'transparent', border: 'none' },
  '.cm-tooltip': { backgroundColor: 'var(--assize-surface)', border: '1px solid var(--assize-line)' },
})

const colors = HighlightStyle.define([
  { tag: tags.brace, color: 'var(--mantine-color-anchor)' },
  {
    tag: [tags.keyword, tags.controlKeyword, tags.operatorKeyword],
    color: 'var(--mantine-color-anchor)',
    fontWeight: '600',
  },
  { tag: [tags.variableName, tags.propertyName], color: 'var(--mantine-color-anchor)' },
  { tag: [tags.string, tags.number, tags.bool, tags.null], color: 'var(--assize-code-string)' },
  { tag: tags.comment, color: 'var(--mantine-color-dimmed)', fontStyle: 'italic' },
])

/** How every editor of the page looks, in both themes: its colors are those of the page. */
export const codeLook: Extension = [look, syntaxHighlighting(colors)]
