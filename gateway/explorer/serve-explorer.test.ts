import Fastify, { type FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import { serveExplorer } from './serve-explorer.ts';

const BROWSER = {
  accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8',
};

/** The explorer before a GET route that stands for GraphQL's own. */
function serve(isOn: boolean): FastifyInstance {
  const app = Fastify();
  serveExplorer(app, { endpoint: '/graphql', isOn });
  app.get('/graphql', () => ({ data: null }));
  return app;
}
const get = (app: FastifyInstance, url: string, headers: Record<string, string> = BROWSER) =>
  app.inject({ method: 'GET', url, headers });

/** The policy as a list, with the nonce by its name. */
function policyOf({ headers }: { readonly headers: Record<string, unknown> }): readonly string[] {
  const policy = String(headers['content-security-policy']);
  return policy.replaceAll(/nonce-[\w+/=]+/g, 'nonce-*').split('; ');
}
const NOTHING_ELSE = [
  "default-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
];

describe('the endpoint, opened in a browser', () => {
  const app = serve(true);

  it('is Apollo Sandbox, which may load its script and its frame and nothing else', async () => {
    const page = await get(app, '/graphql?from=bookmark');
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['cache-control']).toBe('no-store');
    expect(policyOf(page)).toEqual([
      ...NOTHING_ELSE,
      "script-src 'nonce-*'",
      "style-src 'nonce-*'",
      'frame-src https://sandbox.embed.apollographql.com',
      'img-src data:',
      "connect-src 'self'",
    ]);
    const scripts = [...page.body.matchAll(/<script [^>]*src="([^"]+)"/g)].map(([, src]) => src);
    expect(scripts).toEqual([
      'https://embeddable-sandbox.cdn.apollographql.com/v2/embeddable-sandbox.umd.production.min.js',
    ]);
    expect(page.body).toContain('"pollForSchemaUpdates":false');
  });

  it('has a nonce of its own each time, on every script and style', async () => {
    const pages = await Promise.all([get(app, '/graphql'), get(app, '/graphql')]);
    const nonces = pages.map(({ headers, body }) => {
      const [, nonce] = /'nonce-([^']+)'/.exec(String(headers['content-security-policy'])) ?? [];
      const elements = body.match(/<(script|style)[ >]/g) ?? [];
      expect(body.split(`nonce="${nonce}"`)).toHaveLength(elements.length + 1);
      return nonce;
    });
    expect(new Set(nonces).size).toBe(2);
  });

  it.each([
    ['anything', '*/*'],
    ['JSON', 'application/json'],
    ['JSON before HTML', 'application/graphql-response+json, application/json, text/html;q=0.5'],
  ])('is GraphQL to a client that takes %s', async (_what, accept) => {
    expect((await get(app, '/graphql?query={__typename}', { accept })).json()).toEqual({
      data: null,
    });
  });

  it('is not every address: others are found or not as before', async () => {
    for (const url of ['/', '//', '/graphql/', '/other', '/%zz'])
      expect((await get(app, url)).statusCode, url).toBeOneOf([400, 404]);
  });
});

describe('GraphiQL', () => {
  const app = serve(true);

  it('may load what is served here and nothing else, and runs no script inside the page', async () => {
    const page = await get(app, '/graphiql');
    expect(policyOf(page)).toEqual([
      ...NOTHING_ELSE,
      "script-src 'self'",
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data:",
      "font-src 'self' data:",
      "connect-src 'self'",
    ]);
    expect(page.body).not.toMatch(/https?:/);
  });

  it('finds its files, typed, and again without sending them twice', async () => {
    const { body } = await get(app, '/graphiql');
    const files = [...body.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => String(path));
    expect(files).toHaveLength(2);
    for (const file of files) {
      const { statusCode, headers } = await get(app, file);
      const type = file.endsWith('.css') ? 'text/css' : 'text/javascript';
      expect([file, statusCode, headers['content-type']]).toEqual([
        file,
        200,
        `${type}; charset=utf-8`,
      ]);
      expect(headers['x-content-type-options']).toBe('nosniff');
      const again = await get(app, file, { 'if-none-match': String(headers.etag) });
      expect([again.statusCode, again.body]).toEqual([304, '']);
    }
  });

  it('serves no other file', async () => {
    for (const name of ['nothing.js', 'package.json', '..%2fexamples.ts', '__proto__'])
      expect((await get(app, `/graphiql/assets/${name}`)).statusCode).toBe(404);
  });
});

describe('an explorer that is off', () => {
  it('answers 404 to browsers, and leaves GraphQL alone', async () => {
    const app = serve(false);
    for (const url of ['/graphql', '/graphiql', '/graphiql/assets/graphiql-page.js'])
      expect((await get(app, url)).statusCode, url).toBe(404);
    const { statusCode } = await get(app, '/graphql', { accept: 'application/json' });
    expect(statusCode).toBe(200);
  });
});
