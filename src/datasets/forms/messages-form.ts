import { type RecordContent, recordSources } from '../dataset.ts'
import { type Fields, fault, isObject, propertiesOf, structured, without } from './row-fields.ts'

/** Of a record as this product exports it: what belongs to the record that it was, and not to its content. */
const fieldsOfExport = ['id', 'dataset_id', 'source', 'created_at', 'updated_at', 'deleted_at']

/**
 * `{"payload": {"messages": [...], ...}, "properties": {...}}`, as records are shown and exported. Other fields go
 * into the payload, if it has none of that name.
 * @throws RowFault
 */
export function readPayloadForm(row: Fields): RecordContent {
  const payload = structured(row, 'payload')
  if (!isObject(payload)) throw fault('payload', payload, 'an object with messages')
  const others = without(row, 'payload', 'properties', ...(isExported(row) ? fieldsOfExport : []))
  return { payload: { ...others, ...payload }, properties: propertiesOf(row) }
}

function isExported({ source, created_at }: Fields): boolean {
  return recordSources.some((known) => known === source) && typeof created_at === 'string'
}

/**
 * `{"messages": [...], "properties": {...}, ...}`, and what OpenAI and Mistral take for fine-tuning, of which `tools`
 * become the property `available_tools`. Other fields stay in the payload, where no judge sees them.
 * @throws RowFault
 */
export function readMessagesForm(row: Fields): RecordContent {
  const messages = structured(row, 'messages')
  if (!Array.isArray(messages)) throw fault('messages', messages, 'an array of chat messages')
  return toContent(messages, row, 'messages')
}

/** @param form the field in which the messages were */
export function toContent(messages: readonly unknown[], row: Fields, form: string): RecordContent {
  const properties = propertiesOf(row)
  const toolsField = ['tools', 'functions'].find((field) => hasTools(row, field))
  const others = without(row, form, 'properties')
  if (toolsField === undefined || 'available_tools' in properties) {
    return { payload: { ...others, messages }, properties }
  }
  return {
    payload: { ...without(others, toolsField), messages },
    properties: { ...properties, available_tools: structured(row, toolsField) },
  }
}

function hasTools(row: Fields, field: string): boolean {
  try {
    return Array.isArray(structured(row, field))
  } catch {
    return false
  }
}
