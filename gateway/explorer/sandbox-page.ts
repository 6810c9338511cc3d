import { randomBytes } from 'node:crypto';
import type { Example } from './examples.ts';
import { contentSecurityPolicy, type Page, scriptJson } from './page.ts';

const SCRIPT =
  'https://embeddable-sandbox.cdn.apollographql.com/v2/embeddable-sandbox.umd.production.min.js';
const FRAME = 'https://sandbox.embed.apollographql.com';

/**
 * Apollo Sandbox, embedded. Its script and its frame come from Apollo, so it needs the internet and
 * says so where there is none; requests and sockets go from this page to us.
 */
export function sandboxPage(examples: readonly Example[]): Page {
  const nonce = randomBytes(16).toString('base64');
  const document = examples.map(({ query }) => query).join('\n');
  const options = {
    target: '#sandbox',
    initialState: { document, includeCookies: false },
    hideCookieToggle: true,
    endpointIsEditable: false,
    runTelemetry: false,
    allowDynamicStyles: false,
  };
  return {
    contentSecurityPolicy: contentSecurityPolicy({
      'script-src': `'nonce-${nonce}'`,
      'style-src': `'nonce-${nonce}'`,
      'frame-src': FRAME,
      'img-src': 'data: https://apollo-server-landing-page.cdn.apollographql.com',
      'connect-src': "'self'",
    }),
    html: `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <link rel="icon" href="data:," />
    <title>Deskgraph explorer</title>
    <style nonce="${nonce}">
      body { margin: 0; font-family: system-ui, sans-serif; }
      #offline { padding: 2rem; }
      #sandbox { position: absolute; inset: 0; }
      iframe { width: 100%; height: 100%; border: 0; background: white; }
    </style>
  </head>
  <body>
    <p id="offline">
      Apollo Sandbox comes from the internet and is not there (yet).
      <a href="/graphiql">GraphiQL</a> is served from here and needs nothing else.
    </p>
    <div id="sandbox"></div>
    <script nonce="${nonce}" src="${SCRIPT}"></script>
    <script nonce="${nonce}">
      const socket = new URL('/graphql', location.href);
      socket.protocol = socket.protocol === 'https:' ? 'wss:' : 'ws:';
      if (window.EmbeddedSandbox) {
        new window.EmbeddedSandbox({
          ...${scriptJson(options)},
          initialEndpoint: new URL('/graphql', location.href).href,
          initialSubscriptionEndpoint: socket.href,
        });
      }
    </script>
  </body>
</html>
`,
  };
}
