import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { makeDataDir, Program } from '../process/running-program.ts'
import { startTestBrowser, whySkipped } from './browser.ts'

const localModel = process.env.TEST_LOCAL_MODEL ?? ''
const why = localModel === '' ? ' (skipped: TEST_LOCAL_MODEL names no GGUF file)' : whySkipped

const records = 12
const labelled = 10

/** A server as a newcomer starts it, with the tiny model in its folder already, and the link that it prints. */
async function startAsNewcomer(): Promise<{ readonly link: string; readonly dataDir: string }> {
  const dataDir = await makeDataDir()
  await mkdir(join(dataDir, 'models'), { recursive: true })
  await copyFile(localModel, join(dataDir, 'models', 'SmolLM2-135M-Instruct.Q4_1.gguf'))
  const program = new Program(['serve'], { ASSIZE_DATA_DIR: dataDir, ASSIZE_PORT: '0' })
  const [link = ''] = await program.says(/(http:\S+\/sign-in#token=\S+)/)
  return { link, dataDir }
}

async function writeDataset(folder: string): Promise<string> {
  const lines = Array.from({ length: records }, (_, index) =>
    JSON.stringify({
      messages: [
        { role: 'user', content: `What is ${index} + 1?` },
        { role: 'assistant', content: index % 2 === 0 ? `${index + 1}` : 'I like cats.' },
      ],
    }),
  )
  const path = join(folder, 'sums.jsonl')
  await writeFile(path, lines.join('\n'))
  return path
}

async function writeJudge(page: Page): Promise<void> {
  await page.getByRole('link', { name: /Write a judge/ }).click()
  await page.getByRole('link', { name: /Answers the question/ }).click()
  await page.getByLabel('Name', { exact: true }).fill('Answers sums')
  expect(await page.getByRole('combobox', { name: 'Model' }).inputValue()).toBe('local/smollm2-135m-instruct')
  await page.getByRole('button', { name: 'Try it' }).click()
  await page.getByText(/\d+ tokens/).waitFor({ timeout: 120_000 })
  await page.getByRole('tab', { name: 'Prompt' }).click()
  await page.getByText('You are a judge.').waitFor()
  await page.getByRole('button', { name: 'Save the judge' }).click()
  await page.getByRole('heading', { name: 'Answers sums' }).waitFor()
}

async function uploadDataset(page: Page, path: string): Promise<void> {
  await page.getByRole('link', { name: 'Datasets' }).click()
  await page.getByRole('link', { name: 'Upload a file' }).click()
  await page.getByRole('textbox', { name: /^Name/ }).fill('Sums')
  await page.locator('input[type=file]').setInputFiles(path)
  await page.getByRole('button', { name: 'Create it and import the file' }).click()
  await page.getByText(`${records} records imported`).waitFor()
}

async function runJudge(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Run a judge on it' }).click()
  await page.getByRole('combobox', { name: 'Judge' }).click()
  await page.getByRole('option', { name: 'Answers sums' }).click()
  await page.getByRole('button', { name: 'Start the run' }).click()
  await page.getByText('completed').first().waitFor({ timeout: 240_000 })
}

/** By the keyboard alone, once there is a name. */
async function labelRecords(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Label', exact: true }).click()
  await page.getByLabel('Your name').fill('Newcomer')
  await page.getByRole('heading', { name: 'Label' }).click()
  for (let label = 1; label <= labelled; label += 1) {
    await page.getByText(/What is \d+ \+ 1\?/).waitFor()
    const isAnswered = !(await page.getByText('I like cats.').isVisible())
    await page.keyboard.press(isAnswered ? '1' : '2')
    await page.getByText(`${label} record${label === 1 ? '' : 's'} labelled now`).waitFor()
  }
}

describe.skipIf(why !== '')(`a newcomer${why}`, () => {
  const browser = startTestBrowser()

  it('makes a judge, tries it, runs it, labels ten records and reads what people would say', {
    timeout: 600_000,
  }, async () => {
    const { link, dataDir } = await startAsNewcomer()
    const { page, troubles } = await browser.open(link)
    await page.goto(link)
    await page.getByRole('heading', { name: 'Home' }).waitFor()
    expect(page.url()).not.toContain('token')
    await writeJudge(page)
    await uploadDataset(page, await writeDataset(dataDir))
    await runJudge(page)
    const answered = await page
      .getByText(/\d+ judged/)
      .first()
      .textContent()
    expect(answered).toContain(`${records} judged, 100% answered`)
    await labelRecords(page)
    await page.getByRole('link', { name: 'Read the report' }).click()
    await page.getByText('Agreement with people').waitFor()
    await page
      .getByText(/From 10 labels, people would say|can not be told yet/)
      .first()
      .waitFor()
    await page.getByText('On 10 records that both answered.').waitFor()
    expect(troubles).toEqual([])
  })

  it('gets into no link twice', async () => {
    const { link } = await startAsNewcomer()
    const first = await browser.open(link)
    await first.page.goto(link)
    await first.page.getByRole('heading', { name: 'Home' }).waitFor()
    const second = await browser.open(link)
    await second.page.goto(link)
    await second.page.getByText(/This link is not known, was used or has expired/).waitFor()
  })
})
