// After `npm install` in a checkout the page is there. Without the development packages there is nothing to build it with.

if (hasPackage('vite')) {
  const { buildPage } = await import('./page/build-page.ts')
  await buildPage()
}

function hasPackage(name: string): boolean {
  try {
    import.meta.resolve(name)
    return true
  } catch {
    return false
  }
}
