import type { Example } from './examples.ts';
import { contentSecurityPolicy, type Page, scriptJson } from './page.ts';

/**
 * The GraphiQL page; everything it loads is served from here.
 * @param paths of our GraphQL endpoint, and of the folder with the page's files
 * @param examples one tab each
 */
export function graphiqlPage(
  { endpoint, assets }: { readonly endpoint: string; readonly assets: string },
  examples: readonly Example[],
): Page {
  return {
    contentSecurityPolicy: contentSecurityPolicy({
      'script-src': "'self'",
      // The editor sets its own styles while it runs.
      'style-src': "'self' 'unsafe-inline'",
      'img-src': "'self' data:",
      'font-src': "'self' data:",
      'connect-src': "'self'",
    }),
    html: `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <link rel="icon" href="data:," />
    <title>Deskgraph GraphiQL</title>
    <link rel="stylesheet" href="${assets}/graphiql-page.css" />
    <script type="application/json" id="settings">${scriptJson({ endpoint, examples })}</script>
  </head>
  <body>
    <div id="graphiql">Loading …</div>
    <script src="${assets}/graphiql-page.js"></script>
  </body>
</html>
`,
  };
}
