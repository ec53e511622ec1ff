/** The function that a model is made to call where its reply can't be given a schema. */
export const judgmentTool = {
  name: 'judgment',
  description: 'Gives the judgment: the analysis first, then the answer.',
} as const
