import { z } from 'zod'
import type { AgreementReport } from '../agreement/agreement-report.ts'
import type { Measured } from '../agreement/bootstrap.ts'
import type { NumbersAgreement } from '../agreement/numbers-agreement.ts'
import type { OptionsAgreement } from '../agreement/option-agreement.ts'
import { estimateBody, showEstimate } from './estimate-body.ts'

const label = z.union([z.string(), z.number()])

const measured = z
  .object({
    value: z.number(),
    low: z
      .number()
      .nullable()
      .describe('Where it lies with 95% confidence; null where that can not be said.'),
    high: z.number().nullable(),
    count: z.int().describe('How many records, or labels, it rests on.'),
  })
  .nullable()
  .describe('Null where it can not be said of these records.')

const optionsAgreement = z.object({
  type: z.literal('CLASSIFICATION'),
  accuracy: measured,
  balanced_accuracy: measured,
  kappa: measured.describe("Cohen's."),
  majority_share: z.number().nullable().describe('The accuracy of always giving the most frequent label.'),
  options: z.array(
    z.object({
      option: z.string(),
      labelled: z.int(),
      answered: z.int(),
      precision: measured,
      recall: measured,
      f1: measured,
    }),
  ),
  confusion_matrix: z.object({
    options: z.array(z.string()),
    counts: z.array(z.array(z.int())).describe('By label, then by answer.'),
  }),
})

const numbersAgreement = z.object({
  type: z.literal('REGRESSION'),
  pearson: measured,
  spearman: measured,
  kendall: measured.describe("Kendall's tau-b."),
  mean_absolute_error: measured,
  bias: measured.describe("The judge's mean less that of the labels."),
})

export const agreementFields = {
  labels: z.object({
    records: z.int().describe('Records of the run with a label.'),
    compared: z.int().describe('Those that the agreement rests on: people and judge both gave an answer.'),
    people: z.array(z.string()),
    left_out: z.object({
      not_answered: z.int(),
      tied: z.int(),
      cannot_tell: z.int(),
      out_of_output: z.int().describe('No label is one that the judge can answer with.'),
    }),
    unfit: z.int().describe('Single labels that the judge can not answer with.'),
  }),
  agreement: z.discriminatedUnion('type', [optionsAgreement, numbersAgreement]),
  people: z.object({
    records: z.int().describe('Records with the labels of two people or more.'),
    krippendorffs_alpha: measured,
    ceiling: z
      .object({ accuracy: measured, kappa: measured, pearson: measured, mean_absolute_error: measured })
      .describe("What one person has in the judge's place, measured against the others."),
  }),
  estimate: estimateBody,
  disagreements: z
    .array(
      z.object({
        record_id: z.string(),
        item_number: z.int(),
        label,
        answer: label,
        analysis: z.string().nullable(),
        labels: z.array(z.object({ author: z.string(), value: label.nullable() })),
      }),
    )
    .describe('The worst.'),
}

const agreementObject = z.object(agreementFields)

/** Spells a report as the API does. */
export function showAgreement(report: AgreementReport): z.output<typeof agreementObject> {
  const { labels, people, disagreements } = report
  const { ceiling } = people
  return {
    labels: {
      records: labels.records,
      compared: labels.compared,
      people: [...labels.people],
      left_out: {
        not_answered: labels.leftOut.notAnswered,
        tied: labels.leftOut.tied,
        cannot_tell: labels.leftOut.cannotTell,
        out_of_output: labels.leftOut.outOfOutput,
      },
      unfit: labels.unfit,
    },
    agreement:
      report.agreement.type === 'CLASSIFICATION'
        ? showOptions(report.agreement)
        : showNumbers(report.agreement),
    people: {
      records: people.records,
      krippendorffs_alpha: show(people.krippendorffsAlpha),
      ceiling: {
        accuracy: show(ceiling.accuracy),
        kappa: show(ceiling.kappa),
        pearson: show(ceiling.pearson),
        mean_absolute_error: show(ceiling.meanAbsoluteError),
      },
    },
    estimate: showEstimate(report.estimate),
    disagreements: disagreements.map((one) => ({
      record_id: one.recordId,
      item_number: one.itemNumber,
      label: one.label,
      answer: one.answer,
      analysis: one.analysis,
      labels: one.labels.map(({ author, value }) => ({ author, value })),
    })),
  }
}

function showOptions(found: OptionsAgreement): z.output<typeof optionsAgreement> {
  return {
    type: found.type,
    accuracy: show(found.accuracy),
    balanced_accuracy: show(found.balancedAccuracy),
    kappa: show(found.kappa),
    majority_share: found.majorityShare,
    options: found.options.map((one) => ({
      option: one.option,
      labelled: one.labelled,
      answered: one.answered,
      precision: show(one.precision),
      recall: show(one.recall),
      f1: show(one.f1),
    })),
    confusion_matrix: {
      options: [...found.matrix.options],
      counts: found.matrix.counts.map((row) => [...row]),
    },
  }
}

function showNumbers(found: NumbersAgreement): z.output<typeof numbersAgreement> {
  return {
    type: found.type,
    pearson: show(found.pearson),
    spearman: show(found.spearman),
    kendall: show(found.kendall),
    mean_absolute_error: show(found.meanAbsoluteError),
    bias: show(found.bias),
  }
}

function show(one: Measured | null): z.output<typeof measured> {
  return one && { value: one.value, low: one.low, high: one.high, count: one.count }
}
