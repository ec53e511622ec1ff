export function NewJudgePage() {
  return null
}
