const reloadedAt = 'assize-reloaded-at'
const againAfterMs = 30_000

/**
 * The files of a page that stays open while its server is renewed are gone: the page is fetched anew, but not again and
 * again where that does not help.
 */
export function reloadWhenRenewed(): void {
  window.addEventListener('vite:preloadError', () => {
    const last = Number(sessionStorage.getItem(reloadedAt) ?? 0)
    if (Date.now() - last < againAfterMs) return
    sessionStorage.setItem(reloadedAt, String(Date.now()))
    window.location.reload()
  })
}
