import { z } from 'zod'

const variables = z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string())
const variableNames = z.string().min(1)

const mcpSchema = z.strictObject({
  command: z.string().min(1).optional(),
  args: z.array(z.string()).optional(),
  env: variables.optional(),
  env_from: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), variableNames).optional(),
  cwd: z.string().min(1).optional(),
  url: z.url({ protocol: /^https?$/ }).optional(),
  headers_from: z.record(z.string().regex(/^[A-Za-z0-9-]+$/), variableNames).optional(),
  start_timeout_seconds: z.number().positive().max(600).default(60),
})

const toolSchema = z.strictObject({
  mcp: mcpSchema.optional(),
  built_in: z.enum(['fetch_url', 'web_search']).optional(),
  connector: z.enum(['web_search', 'web_search_premium', 'code_interpreter', 'document_library']).optional(),
  library_ids: z.array(z.string().min(1)).min(1).optional(),
  timeout_seconds: z.number().positive().max(3600).default(30),
  max_result_bytes: z.int().min(256).max(16_777_216).default(65_536),
  max_bytes: z.int().min(1024).max(1_073_741_824).optional(),
  allow_hosts: z.array(z.string().min(1)).optional(),
  searxng_url: z.url({ protocol: /^https?$/ }).optional(),
  brave_api_key_env: z.string().min(1).optional(),
  max_results: z.int().min(1).max(10).optional(),
})

/** What the YAML file can say of tools. */
export const toolSettings = {
  tools: z.record(z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/), toolSchema).default({}),
  tool_access: z.record(z.string().min(1), z.array(z.string().min(1))).default({}),
}

export type ToolSettings = z.output<typeof toolSchema>
export type McpSettings = z.output<typeof mcpSchema>
