import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { configOf, refusal } from '../test/support/config-of.ts'
import type { Environment } from './config.ts'

const awsKeys = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'hunter2' }

describe('the environment alone', () => {
  it.each<[Environment, object]>([
    [
      { ANTHROPIC_API_KEY: 'k' },
      {
        name: 'anthropic',
        type: 'anthropic',
        baseUrl: 'https://api.anthropic.com/v1',
        models: ['claude-*'],
        maxInFlight: 64,
      },
    ],
    [
      { GEMINI_API_KEY: 'k' },
      {
        name: 'google',
        type: 'google',
        baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
        models: ['gemini-*'],
        maxInFlight: 64,
      },
    ],
    [{ GOOGLE_GENERATIVE_AI_API_KEY: 'k' }, { name: 'google' }],
    [{ GEMINI_API_KEY: 'k', GOOGLE_GENERATIVE_AI_API_KEY: 'k' }, { name: 'google' }],
  ])('%j makes a provider, and its key a secret', (environment, expected) => {
    const { providers, secrets } = configOf('', environment)
    expect(providers).toEqual([expect.objectContaining(expected)])
    expect([...secrets.providerKeys.values()]).toEqual(['k'])
  })

  it.each<Environment>([
    {},
    { ANTHROPIC_API_KEY: '', GEMINI_API_KEY: '', ANTHROPIC_BASE_URL: '' },
    { ...awsKeys, AWS_REGION: 'eu-central-1', AWS_BEARER_TOKEN_BEDROCK: 'k' },
  ])('%j makes none', (environment) => {
    const { providers, secrets } = configOf('', environment)
    expect([...providers, ...secrets.providerKeys]).toEqual([])
  })

  it('takes limits of a provider from the file', () => {
    const file = 'providers: {mistral: {limits: {in_flight: 9, requests_per_minute: 60}}}'
    const { providers } = configOf(file, { MISTRAL_API_KEY: 'm' })
    expect(providers[0]).toMatchObject({ maxInFlight: 64, limits: { inFlight: 9, requestsPerMinute: 60 } })
  })

  it('keeps to one order', () => {
    const environment = { GEMINI_API_KEY: 'g', ANTHROPIC_API_KEY: 'a', MISTRAL_API_KEY: 'm' }
    expect(configOf('', environment).providers.map(({ name }) => name)).toEqual([
      'mistral',
      'anthropic',
      'google',
    ])
  })

  it.each([
    ['ANTHROPIC_BASE_URL', 'https://api.anthropic.com', 'https://api.anthropic.com/v1'],
    ['ANTHROPIC_BASE_URL', 'https://api.anthropic.com/v1/', 'https://api.anthropic.com/v1'],
    ['ANTHROPIC_BASE_URL', 'http://gateway/anthropic', 'http://gateway/anthropic/v1'],
    ['ANTHROPIC_BASE_URL', 'http://gateway/anthropic/v1', 'http://gateway/anthropic/v1'],
    ['GOOGLE_GEMINI_BASE_URL', 'http://gateway', 'http://gateway/v1beta'],
    ['GOOGLE_GEMINI_BASE_URL', 'http://gateway/gemini', 'http://gateway/gemini/v1beta'],
    ['GOOGLE_GEMINI_BASE_URL', 'http://gateway/v1', 'http://gateway/v1'],
  ])('%s takes %s as %s', (variable, given, taken) => {
    expect(configOf('', { [variable]: given }).providers).toEqual([
      expect.objectContaining({ baseUrl: taken }),
    ])
  })
})

describe('an entry of the file', () => {
  it('is of the type that its name says, or of the one it names', () => {
    const yaml = `
providers:
  anthropic: { api_key_env: COURT_KEY, models: [] }
  claude: { type: anthropic, base_url: http://gateway, models: ["fast-*"], max_in_flight: 3 }
  gemini: { type: google, api_key_env: COURT_KEY }
`
    const { providers, secrets } = configOf(yaml, { COURT_KEY: 'k' })
    expect(providers).toMatchObject([
      { name: 'anthropic', type: 'anthropic', baseUrl: 'https://api.anthropic.com/v1', models: [] },
      {
        name: 'claude',
        type: 'anthropic',
        baseUrl: 'http://gateway/v1',
        models: ['fast-*'],
        maxInFlight: 3,
      },
      {
        name: 'gemini',
        type: 'google',
        baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
        models: [],
      },
    ])
    expect([...secrets.providerKeys]).toEqual([
      ['anthropic', 'k'],
      ['gemini', 'k'],
    ])
  })

  it.each<[string, Environment, RegExp]>([
    ['providers: { claude: { type: cohere } }', {}, /providers\.claude\.type/],
    ['providers: { claude: { type: anthropic } }', {}, /providers\.claude has neither base_url nor a key/],
    [
      'providers: { claude: { type: anthropic, region: eu-central-1 } }',
      { ANTHROPIC_API_KEY: 'k' },
      /providers\.claude\.region: only a provider of type bedrock has a region/,
    ],
    [
      'providers: { anthropic: { type: openai } }',
      { ANTHROPIC_API_KEY: 'k' },
      /providers\.anthropic has no base_url.*never sent to an address that nobody named/,
    ],
    [
      'providers: { anthropic: { base_url: "http://a" } }',
      { ANTHROPIC_BASE_URL: 'http://b' },
      /ANTHROPIC_BASE_URL.*providers\.anthropic\.base_url/,
    ],
    [
      'providers: { google: { api_key_env: OTHER } }',
      { GEMINI_API_KEY: 'secret-1', OTHER: 'secret-2' },
      /^(?!.*secret).*GEMINI_API_KEY and OTHER.*providers\.google\.api_key_env/,
    ],
    [
      '',
      { GEMINI_API_KEY: 'secret-1', GOOGLE_GENERATIVE_AI_API_KEY: 'secret-2' },
      /^(?!.*secret)GEMINI_API_KEY and GOOGLE_GENERATIVE_AI_API_KEY .*different/,
    ],
    ['', { ANTHROPIC_BASE_URL: 'ftp://host' }, /ANTHROPIC_BASE_URL.*is no address/],
    ['', { GOOGLE_GEMINI_BASE_URL: 'http://me:pass@host' }, /GOOGLE_GEMINI_BASE_URL.*more than an address/],
  ])('%j with %j is refused by name', (yaml, environment, message) => {
    expect(refusal(() => configOf(yaml, environment))).toMatch(message)
  })
})

it('the example of the example file is right', () => {
  const example = readFileSync(new URL('../assize.example.yaml', import.meta.url), 'utf8')
  const [, entries = ''] = /^providers: \{\}\n((?:#.*\n)+)/m.exec(example) ?? []
  const yaml = `providers:\n${entries.replace(/^#/gm, '')}`
  const { providers } = configOf(yaml, { ...awsKeys, VLLM_API_KEY: 'k' })
  expect(providers.map(({ name, type }) => `${name}: ${type}`)).toEqual(['vllm: openai', 'bedrock: bedrock'])
})

describe('bedrock', () => {
  const yaml = 'providers: { bedrock: { region: eu-central-1, models: ["anthropic.claude-*"] } }'

  it('takes access keys from the variables of AWS', () => {
    const environment = { ...awsKeys, AWS_SESSION_TOKEN: 'token' }
    const { providers, secrets } = configOf(yaml, environment)
    expect(providers).toEqual([
      {
        name: 'bedrock',
        type: 'bedrock',
        region: 'eu-central-1',
        baseUrl: 'https://bedrock-runtime.eu-central-1.amazonaws.com',
        models: ['anthropic.claude-*'],
        maxInFlight: 64,
      },
    ])
    expect(secrets.providerKeys.get('bedrock')).toEqual({
      accessKeyId: 'AKIAEXAMPLE',
      secretAccessKey: 'hunter2',
      sessionToken: 'token',
    })
    expect(JSON.stringify(providers)).not.toMatch(/hunter2|AKIA|token/)
  })

  it('prefers a key of its own to access keys, as AWS does', () => {
    const environment = { ...awsKeys, AWS_BEARER_TOKEN_BEDROCK: 'bearer', OTHER: 'other' }
    expect(configOf(yaml, environment).secrets.providerKeys.get('bedrock')).toBe('bearer')
    const named = 'providers: { aws: { type: bedrock, region: us-east-1, api_key_env: OTHER } }'
    expect(configOf(named, environment).secrets.providerKeys.get('aws')).toBe('other')
  })

  it.each<[Environment, string, string]>([
    [{ AWS_REGION: 'us-west-2' }, 'us-west-2', 'https://bedrock-runtime.us-west-2.amazonaws.com'],
    [{ AWS_DEFAULT_REGION: 'us-gov-west-1' }, 'us-gov-west-1', 'https://bedrock-runtime.us-gov-west-1.'],
    [{ AWS_REGION: 'cn-north-1', AWS_DEFAULT_REGION: 'us-east-1' }, 'cn-north-1', '.amazonaws.com.cn'],
  ])('takes its region from %j where the file has none', (environment, region, host) => {
    const [provider] = configOf('providers: { bedrock: {} }', { ...awsKeys, ...environment }).providers
    expect(provider).toMatchObject({ region, baseUrl: expect.stringContaining(host) })
  })

  it('takes the region of the file, whatever the environment is about', () => {
    const [provider] = configOf(yaml, { ...awsKeys, AWS_REGION: 'us-east-1' }).providers
    expect(provider?.region).toBe('eu-central-1')
  })

  it('takes an address as it is', () => {
    const endpoint = 'providers: { bedrock: { region: eu-central-1, base_url: "http://vpc/bedrock/" } }'
    expect(configOf(endpoint, awsKeys).providers[0]?.baseUrl).toBe('http://vpc/bedrock')
    const bare = 'providers: { bedrock: { region: eu-central-1, base_url: "http://vpc" } }'
    expect(configOf(bare, awsKeys).providers[0]?.baseUrl).toBe('http://vpc')
  })

  it.each<[string, Environment, RegExp]>([
    [
      yaml,
      {},
      /providers\.bedrock has no key and no credentials.*AWS_ACCESS_KEY_ID.*AWS_BEARER_TOKEN_BEDROCK/,
    ],
    [yaml, { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE' }, /^(?!.*AKIA).*providers\.bedrock has half of an access key/],
    [yaml, { AWS_SECRET_ACCESS_KEY: 'hunter2' }, /^(?!.*hunter2).*providers\.bedrock has half/],
    ['providers: { bedrock: {} }', awsKeys, /providers\.bedrock has no region.*AWS_REGION/],
    ['providers: { bedrock: { region: "x.evil.com/" } }', awsKeys, /"x\.evil\.com\/" is no region of AWS/],
    ['providers: { bedrock: {} }', { ...awsKeys, AWS_REGION: 'Europe' }, /"Europe" is no region of AWS/],
    [
      'providers: { bedrock: { region: eu-central-1, api_key_env: OTHER } }',
      awsKeys,
      /providers\.bedrock\.api_key_env names OTHER, which is not set/,
    ],
  ])('%j with %j is refused by name', (text, environment, message) => {
    expect(refusal(() => configOf(text, environment))).toMatch(message)
  })
})
