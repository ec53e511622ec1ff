export function EditJudgePage() {
  return null
}
