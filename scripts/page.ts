import { buildPage } from './page/build-page.ts'

// `npm run page`: the page's files in dist/page, from which a checkout's server sends them too.

await buildPage()
