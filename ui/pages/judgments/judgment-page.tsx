export function JudgmentPage() {
  return null
}
