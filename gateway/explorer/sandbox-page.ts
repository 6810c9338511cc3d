import { randomBytes } from 'node:crypto';
import type { Example } from './examples.ts';
import { contentSecurityPolicy, type Page, scriptJson } from './page.ts';

const SCRIPT =
  'https://embeddable-sandbox.cdn.apollographql.com/v2/embeddable-sandbox.umd.production.min.js';
const FRAME = 'https://sandbox.embed.apollographql.com';

/**
 * Apollo Sandbox, embedded. Its script and its frame come from Apollo, so it needs internet access
 * and says so if there is none; requests and sockets go from this page to us.
 * @param endpoint the path of our GraphQL endpoint
 * @param example what the editor begins with; it is part of the frame's address, so it must be
 *   small
 */
export function sandboxPage(endpoint: string, example: Example): Page {
  const nonce = randomBytes(16).toString('base64');
  const options = {
    target: '#sandbox',
    initialState: {
      document: example.query,
      variables: example.variables === '' ? {} : (JSON.parse(example.variables) as unknown),
      headers: { 'x-api-key': '' },
      includeCookies: false,
      pollForSchemaUpdates: false, // once a second otherwise, out of the quota of the user's key
    },
    hideCookieToggle: true,
    endpointIsEditable: false,
    runTelemetry: false,
    allowDynamicStyles: false, // our policy would refuse its styles; the style below is enough
  };
  return {
    contentSecurityPolicy: contentSecurityPolicy({
      'script-src': `'nonce-${nonce}'`,
      'style-src': `'nonce-${nonce}'`,
      'frame-src': FRAME,
      'img-src': 'data:', // the empty icon: without it browsers and Sandbox look for others
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
      #sandbox:empty { display: none; }
      iframe { width: 100%; height: 100%; border: 0; background: white; }
    </style>
  </head>
  <body>
    <p id="offline">
      Apollo Sandbox is loaded from the internet and is not available (yet).
      <a href="/graphiql">GraphiQL</a> is served by this server and works offline.
    </p>
    <div id="sandbox"></div>
    <script nonce="${nonce}" src="${SCRIPT}"></script>
    <script nonce="${nonce}">
      const endpoint = new URL('${endpoint}', location.href).href;
      if (window.EmbeddedSandbox) {
        new window.EmbeddedSandbox({
          ...${scriptJson(options)},
          initialEndpoint: endpoint,
          initialSubscriptionEndpoint: endpoint.replace(/^http/, 'ws'),
        });
      }
    </script>
  </body>
</html>
`,
  };
}
