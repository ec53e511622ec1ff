import { describe, expect, it } from 'vitest'
import { configOf, refusal, workingDir } from '../test/support/config-of.ts'
import { type Config, type Environment, loadConfig } from './config.ts'

describe('without settings', () => {
  it('everything has its default', () => {
    expect(loadConfig({}, workingDir)).toEqual({
      host: '127.0.0.1',
      port: 4800,
      dataDir: '/srv/court/.assize',
      database: { engine: 'sqlite', path: '/srv/court/.assize/assize.db' },
      maxBodyBytes: 4_194_304,
      corsOrigins: [],
      trustedProxies: [],
      clientTimeoutMs: 60_000,
      logLevel: 'info',
      providers: [],
      panels: [],
      local: {
        isEnabled: true,
        contextTokens: 8192,
        maxAnalysisTokens: 160,
        parallelJudgments: 2,
        unloadAfterMs: 900_000,
      },
      judging: {
        deadlineMs: 120_000,
        maxOutputTokens: 2048,
        maxAttempts: 4,
        maxToolRounds: 8,
        sampleTemperature: 0.7,
      },
      judgments: { areStored: true, keepAnalysis: true, keepConversation: false },
      audit: {},
      limits: { wrongKeysPerMinute: 30 },
      retention: { importsMs: 7_776_000_000, deadKeysMs: 7_776_000_000 },
      prices: [],
      budgets: [],
      runs: { atOnce: 4, concurrency: 16 },
      maxFileBytes: 536_870_912,
      areMetricsOpen: false,
      tools: { served: [], access: {} },
      telemetry: { exportsTraces: false, exportsLogs: false, capturesContent: false },
      secrets: { firstApiKey: undefined, providerKeys: new Map(), toolSecrets: new Map() },
    })
  })

  it('the example says the same', () => {
    const example = new URL('../assize.example.yaml', import.meta.url).pathname
    expect(loadConfig({ ASSIZE_CONFIG: example }, workingDir)).toEqual(loadConfig({}, workingDir))
  })

  it('an empty file and empty variables say the same', () => {
    expect(configOf('')).toEqual(loadConfig({}, workingDir))
    const empty = {
      ASSIZE_HOST: '',
      ASSIZE_PORT: '',
      ASSIZE_DATA_DIR: '',
      ASSIZE_CONFIG: '',
      MISTRAL_API_KEY: '',
    }
    expect(loadConfig({ ...empty, ASSIZE_DATABASE_URL: '', ASSIZE_API_KEY: '' }, workingDir)).toEqual(
      loadConfig({}, workingDir),
    )
  })

  it('it can not be changed', () => {
    expect(Object.isFrozen(loadConfig({}, workingDir))).toBe(true)
  })
})

describe('a variable', () => {
  it.each<[Environment, Partial<Config>]>([
    [{ ASSIZE_HOST: '0.0.0.0' }, { host: '0.0.0.0' }],
    [{ ASSIZE_PORT: '0' }, { port: 0 }],
    [{ ASSIZE_PORT: '65535' }, { port: 65_535 }],
    [{ ASSIZE_DATA_DIR: 'data' }, { dataDir: '/srv/court/data' }],
    [
      { ASSIZE_DATA_DIR: '/data' },
      { dataDir: '/data', database: { engine: 'sqlite', path: '/data/assize.db' } },
    ],
    [{ ASSIZE_DATABASE_URL: 'sqlite:x.db' }, { database: { engine: 'sqlite', path: '/srv/court/x.db' } }],
    [{ ASSIZE_DATABASE_URL: 'sqlite:/x.db' }, { database: { engine: 'sqlite', path: '/x.db' } }],
    [
      { ASSIZE_DATABASE_URL: 'postgres://me@db/assize' },
      { database: { engine: 'postgres', url: 'postgres://me@db/assize', poolSize: 10 } },
    ],
    [
      { ASSIZE_DATABASE_URL: 'postgresql://me@db/assize' },
      { database: { engine: 'postgres', url: 'postgresql://me@db/assize' } },
    ],
  ])('%j is taken', (environment, expected) => {
    expect(loadConfig(environment, workingDir)).toMatchObject(expected)
  })

  it.each<[Environment, RegExp]>([
    [{ ASSIZE_PORTS: '1' }, /ASSIZE_PORTS.*ASSIZE_PORT/],
    [{ ASSIZE_PORT: '65536' }, /ASSIZE_PORT is "65536"; expected a whole number from 0 to 65535/],
    [{ ASSIZE_PORT: '4800.5' }, /ASSIZE_PORT/],
    [{ ASSIZE_PORT: '-1' }, /ASSIZE_PORT/],
    [{ ASSIZE_PORT: 'http' }, /ASSIZE_PORT/],
    [{ ASSIZE_DATABASE_URL: 'mysql://x' }, /ASSIZE_DATABASE_URL must be/],
    [{ ASSIZE_DATABASE_URL: 'sqlite:' }, /ASSIZE_DATABASE_URL must be/],
    [{ ASSIZE_API_KEY: 'short' }, /ASSIZE_API_KEY must be 16 to 200/],
    [{ ASSIZE_API_KEY: 'with spaces, which end a header' }, /ASSIZE_API_KEY/],
    [{ ASSIZE_API_KEY: 'k'.repeat(201) }, /ASSIZE_API_KEY/],
    [{ ASSIZE_CONFIG: '/nowhere/assize.yaml' }, /ASSIZE_CONFIG: \/nowhere\/assize.yaml can't be read/],
    [{ MISTRAL_API_KEY: 'k', MISTRAL_BASE_URL: 'localhost:8000' }, /MISTRAL_BASE_URL.*is no address/],
    [{ OPENAI_BASE_URL: 'ftp://host/v1' }, /OPENAI_BASE_URL.*is no address/],
    [{ OPENAI_BASE_URL: 'not an address' }, /OPENAI_BASE_URL.*is no address/],
    [{ OPENAI_BASE_URL: 'https://me:pass@host/v1' }, /OPENAI_BASE_URL.*more than an address/],
    [{ OPENAI_BASE_URL: 'https://host/v1?version=2' }, /OPENAI_BASE_URL.*more than an address/],
  ])('%j is refused by name', (environment, message) => {
    expect(refusal(() => loadConfig(environment, workingDir))).toMatch(message)
  })

  it('names a file from where the program was started', () => {
    expect(refusal(() => loadConfig({ ASSIZE_CONFIG: 'a/b.yaml' }, workingDir))).toContain(
      '/srv/court/a/b.yaml',
    )
  })

  it('is not repeated when it is a secret that was refused', () => {
    const environment = { ASSIZE_API_KEY: 'päss', OPENAI_BASE_URL: 'https://me:hunter2@host' }
    expect(refusal(() => loadConfig(environment, workingDir))).not.toMatch(/päss|hunter2/)
    expect(refusal(() => loadConfig({ ...environment, ASSIZE_API_KEY: '' }, workingDir))).not.toMatch(
      /hunter2/,
    )
  })
})

describe('a file', () => {
  it('sets what it says and leaves the rest', () => {
    const config = configOf(`
server: { host: '::1', port: 80, max_body_bytes: 1024, client_timeout_seconds: 5 }
data_dir: data
database_url: postgres://me@db/assize
database: { pool_size: 25 }
log_level: silent
local: { enabled: false, context_tokens: 512, max_analysis_tokens: 1, parallel_judgments: 64, unload_after_minutes: 1, threads: 3 }
judging: { deadline_seconds: 0.5, max_output_tokens: 16, max_attempts: 1 }
judgments: { store: false, keep_analysis: false, keep_conversation: true, retention_days: 2 }
tls: { cert_file: tls.crt, key_file: /etc/tls.key }
audit: { retention_days: 365 }
limits: { requests_per_minute: 600, wrong_keys_per_minute: unlimited }
retention: { imports_days: never, unused_files_days: 1, dead_keys_days: 2 }
prices: [{ models: ["openai/*"], input_per_million: 0.5, output_per_million: 2 }]
budgets: [{ per_day: 20 }, { workspace: research, judge: Approval, per_day: 2.5 }]
runs: { at_once: 2, concurrency: 8, in_flight: 12 }
max_file_bytes: 2048
`)
    expect(config).toEqual({
      host: '::1',
      port: 80,
      dataDir: '/srv/court/data',
      database: { engine: 'postgres', url: 'postgres://me@db/assize', poolSize: 25 },
      maxBodyBytes: 1024,
      corsOrigins: [],
      trustedProxies: [],
      clientTimeoutMs: 5000,
      tls: { certFile: '/srv/court/tls.crt', keyFile: '/etc/tls.key' },
      logLevel: 'silent',
      providers: [],
      panels: [],
      local: {
        isEnabled: false,
        contextTokens: 512,
        maxAnalysisTokens: 1,
        parallelJudgments: 64,
        threads: 3,
        unloadAfterMs: 60_000,
      },
      judging: {
        deadlineMs: 500,
        maxOutputTokens: 16,
        maxAttempts: 1,
        maxToolRounds: 8,
        sampleTemperature: 0.7,
      },
      judgments: {
        areStored: false,
        keepAnalysis: false,
        keepConversation: true,
        retentionMs: 172_800_000,
      },
      audit: { retentionMs: 31_536_000_000 },
      limits: { requestsPerMinute: 600 },
      retention: { unusedFilesMs: 86_400_000, deadKeysMs: 172_800_000 },
      prices: [{ modelPatterns: ['openai/*'], inputPerMillion: 0.5, outputPerMillion: 2 }],
      budgets: [{ perDay: 20 }, { workspaceName: 'research', judge: 'Approval', perDay: 2.5 }],
      runs: { atOnce: 2, concurrency: 8, mostInFlight: 12 },
      maxFileBytes: 2048,
      areMetricsOpen: false,
      tools: { served: [], access: {} },
      telemetry: { exportsTraces: false, exportsLogs: false, capturesContent: false },
      secrets: { firstApiKey: undefined, providerKeys: new Map(), toolSecrets: new Map() },
    })
    expect(configOf('judging: { max_attempts: 2 }').judging.deadlineMs).toBe(120_000)
  })

  it.each<[string, RegExp]>([
    ['sever: {}', /"sever"/],
    ['server: { prt: 1 }', /"prt"[\s\S]*server/],
    ['server: { port: "80" }', /server\.port/],
    ['server: { max_body_bytes: 10 }', /server\.max_body_bytes/],
    ['server: { client_timeout_seconds: 0 }', /server\.client_timeout_seconds/],
    ['log_level: loud', /log_level/],
    ['local: { parallel_judgments: 0 }', /local\.parallel_judgments/],
    ['local: { unload_after_minutes: 0 }', /local\.unload_after_minutes/],
    ['judging: { deadline_seconds: 0 }', /judging\.deadline_seconds/],
    ['judging: { max_attempts: 1.5 }', /judging\.max_attempts/],
    ['judgments: { store: "no" }', /judgments\.store/],
    ['judgments: { retention_days: 0 }', /judgments\.retention_days/],
    ['limits: { requests_per_minute: 0 }', /limits\.requests_per_minute/],
    ['limits: { wrong_keys_per_minute: none }', /limits\.wrong_keys_per_minute/],
    ['audit: { retention_days: 0 }', /audit\.retention_days/],
    ['tls: { cert_file: a.crt }', /tls\.cert_file is set and tls\.key_file is not/],
    ['tls: { key_file: a.key }', /tls\.key_file is set and tls\.cert_file is not/],
    ['retention: { imports_days: soon }', /retention\.imports_days/],
    ['prices: [{ models: [], input_per_million: 1, output_per_million: 1 }]', /prices\[0\]\.models/],
    ['prices: [{ models: ["a/b"], input_per_million: -1, output_per_million: 1 }]', /input_per_million/],
    ['budgets: [{ per_day: 5 }]', /budgets is set and prices is not/],
    ['budgets: [{ per_day: 0 }]', /budgets\[0\]\.per_day/],
    ['runs: { at_once: 0 }', /runs\.at_once/],
    ['providers: { vllm: { url: "http://x" } }', /"url"[\s\S]*providers\.vllm/],
    ['providers: { "a/b": { base_url: "http://x" } }', /a\/b/],
    ['providers: { vllm: { base_url: "x" } }', /providers\.vllm\.base_url/],
    ['providers: { vllm: { base_url: "ftp://x" } }', /providers\.vllm\.base_url/],
    ['providers: { vllm: { base_url: "http://a:b@x" } }', /providers\.vllm\.base_url/],
    ['providers: { local: { base_url: "http://x" } }', /providers\.local/],
    ['providers: { panel: { base_url: "http://x" } }', /providers\.panel: a judge names panels/],
    ['panels: { p: { models: [a] } }', /panels\.p\.models/],
    ['panels: { p: { models: [a, b, a] } }', /panels\.p\.models\[2\] is a again: each model has one vote/],
    [
      'panels: { p: { models: [a, panel/q] } }',
      /panels\.p\.models\[1\] is panel\/q: a panel is made of models/,
    ],
    ['panels: { p: { models: [a, b], options: most } }', /panels\.p\.options/],
    ['providers: { vllm: {} }', /providers\.vllm has neither base_url nor a key/],
    ['providers: { vllm: { api_key_env: NOWHERE } }', /providers\.vllm\.api_key_env names NOWHERE/],
    ['providers: { vllm: { api_key_env: SOME_KEY } }', /providers\.vllm has no base_url/],
    ['database_url: oracle', /database_url|ASSIZE_DATABASE_URL/],
    ['a: b: c', /is no valid YAML/],
    ['- a', /expected object/],
  ])('%j is refused by name', (yaml, message) => {
    expect(refusal(() => configOf(yaml, { SOME_KEY: 'secret' }))).toMatch(message)
  })

  it.each<[string, Environment, RegExp]>([
    ['server: { host: a }', { ASSIZE_HOST: 'b' }, /ASSIZE_HOST.*server\.host/],
    ['server: { port: 1 }', { ASSIZE_PORT: '2' }, /ASSIZE_PORT.*server\.port/],
    ['data_dir: a', { ASSIZE_DATA_DIR: 'b' }, /ASSIZE_DATA_DIR.*data_dir/],
    ['database_url: "sqlite:a"', { ASSIZE_DATABASE_URL: 'sqlite:b' }, /ASSIZE_DATABASE_URL.*database_url/],
    [
      'providers: { openai: { base_url: "http://a" } }',
      { OPENAI_BASE_URL: 'http://b' },
      /OPENAI_BASE_URL.*providers\.openai\.base_url/,
    ],
    [
      'providers: { mistral: { api_key_env: OTHER } }',
      { MISTRAL_API_KEY: 'secret-1', OTHER: 'secret-2' },
      /^(?!.*secret).*MISTRAL_API_KEY and OTHER.*providers\.mistral\.api_key_env/,
    ],
  ])('%j against %j is refused by both names', (yaml, environment, message) => {
    expect(refusal(() => configOf(yaml, environment))).toMatch(message)
  })

  it('may say what the environment says', () => {
    expect(configOf('server: { port: 81 }', { ASSIZE_PORT: '81' }).port).toBe(81)
  })
})

describe('providers', () => {
  it('are there once their key or their address is', () => {
    const [mistral, ...others] = loadConfig({ MISTRAL_API_KEY: 'secret' }, workingDir).providers
    expect(others).toEqual([])
    expect(mistral).toMatchObject({
      name: 'mistral',
      type: 'mistral',
      baseUrl: 'https://api.mistral.ai/v1',
      maxInFlight: 64,
    })
    expect(mistral?.models).toContain('mistral-*')
    const [openai] = loadConfig({ OPENAI_BASE_URL: 'http://localhost:11434' }, workingDir).providers
    expect(openai).toMatchObject({ name: 'openai', type: 'openai', baseUrl: 'http://localhost:11434/v1' })
  })

  it.each([
    ['https://api.mistral.ai', 'https://api.mistral.ai/v1'],
    ['https://api.mistral.ai/', 'https://api.mistral.ai/v1'],
    ['https://api.mistral.ai/v1/', 'https://api.mistral.ai/v1'],
    ['http://gateway:8080/team//', 'http://gateway:8080/team'],
  ])('take the address %s as %s', (given, taken) => {
    const [provider] = loadConfig({ MISTRAL_BASE_URL: given }, workingDir).providers
    expect(provider?.baseUrl).toBe(taken)
  })

  it('are those of the file, in its order, before those of the environment', () => {
    const yaml = `
providers:
  vllm: { base_url: http://gpu:8000/v1, models: ["Qwen/*"], max_in_flight: 8 }
  gateway: { type: mistral, base_url: http://gateway, api_key_env: GATEWAY_KEY }
  openai: { models: [] }
`
    const config = configOf(yaml, { GATEWAY_KEY: 'g', OPENAI_API_KEY: 'o', MISTRAL_API_KEY: 'm' })
    expect(config.providers).toMatchObject([
      { name: 'vllm', type: 'openai', baseUrl: 'http://gpu:8000/v1', models: ['Qwen/*'], maxInFlight: 8 },
      { name: 'gateway', type: 'mistral', baseUrl: 'http://gateway/v1', models: [] },
      { name: 'openai', baseUrl: 'https://api.openai.com/v1', models: [] },
      { name: 'mistral' },
    ])
    expect([...config.secrets.providerKeys]).toEqual([
      ['gateway', 'g'],
      ['openai', 'o'],
      ['mistral', 'm'],
    ])
  })
})

it('keeps keys in the secrets and nowhere else', () => {
  const keys = { ASSIZE_API_KEY: 'zebra-zebra-zebra', MISTRAL_API_KEY: 'zebra-1', OTHER: 'zebra-2' }
  const config = configOf('providers: { other: { base_url: "http://x", api_key_env: OTHER } }', keys)
  const { secrets, ...rest } = config
  expect(JSON.stringify(rest)).not.toContain('zebra')
  expect(secrets.firstApiKey).toBe('zebra-zebra-zebra')
  expect([...secrets.providerKeys.values()].sort()).toEqual(['zebra-1', 'zebra-2'])
  expect(JSON.stringify(secrets.providerKeys)).toBe('{}')
})

describe('panels', () => {
  it('have their models, and decide by majority and mean unless they say otherwise', () => {
    const yaml =
      'panels: { small: { models: [a, openai/b] }, strict: { models: [a, b], options: unanimous, numbers: median } }'
    expect(configOf(yaml).panels).toEqual([
      { name: 'small', modelNames: ['a', 'openai/b'], rule: { options: 'majority', numbers: 'mean' } },
      { name: 'strict', modelNames: ['a', 'b'], rule: { options: 'unanimous', numbers: 'median' } },
    ])
  })
})
