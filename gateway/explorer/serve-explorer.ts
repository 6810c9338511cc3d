import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { invariant } from '#shared/domain/invariant.ts';
import { readAssets } from './assets.ts';
import { readExamples } from './examples.ts';
import { graphiqlPage } from './graphiql-page.ts';
import type { Page } from './page.ts';
import { sandboxPage } from './sandbox-page.ts';

const GRAPHIQL = '/graphiql';
const ASSETS = `${GRAPHIQL}/assets`;
/** The example that Sandbox opens with: it needs no key. */
const FIRST_LOOK = '5-quote-stream';

/**
 * Serves the pages for people: Apollo Sandbox to a browser that opens the endpoint, and GraphiQL.
 * If they are switched off, both addresses answer a browser 404. Every other GET of the endpoint is
 * passed on to the next route.
 */
export function serveExplorer(
  app: FastifyInstance,
  { endpoint, isOn }: { readonly endpoint: string; readonly isOn: boolean },
): void {
  const answer = isOn ? sandboxAnswer(endpoint) : (reply: FastifyReply) => reply.callNotFound();
  // A hook, because the endpoint's GET route belongs to GraphQL.
  app.addHook('onRequest', (request, reply, done) => {
    if (wantsPage(request) && request.routeOptions.url === endpoint) void answer(reply);
    else done();
  });
  if (isOn) serveGraphiql(app, endpoint);
}

function sandboxAnswer(endpoint: string): (reply: FastifyReply) => FastifyReply {
  const example = readExamples().find(({ name }) => name === FIRST_LOOK);
  invariant(example !== undefined, `there is no example ${FIRST_LOOK}`);
  return (reply) => sendPage(reply, sandboxPage(endpoint, example)); // a new nonce each time
}

function serveGraphiql(app: FastifyInstance, endpoint: string): void {
  const page = graphiqlPage({ endpoint, assets: ASSETS }, readExamples());
  const assets = readAssets();
  app.get(GRAPHIQL, (_request, reply) => sendPage(reply, page));
  app.get<{ Params: { name: string } }>(`${ASSETS}/:name`, (request, reply) => {
    const asset = assets.get(request.params.name);
    if (asset === undefined) return reply.callNotFound();
    void reply.headers({
      'cache-control': 'no-cache', // kept, and asked for again: a new version shows at once
      etag: asset.etag,
      'x-content-type-options': 'nosniff',
    });
    if (request.headers['if-none-match'] === asset.etag) return reply.code(304).send();
    return reply.type(asset.type).send(asset.body);
  });
}

/** Whether a browser's address bar sent this, and not a client that also accepts HTML. */
function wantsPage({ method, headers: { accept = '' } }: FastifyRequest): boolean {
  return method === 'GET' && accept.includes('text/html') && !accept.includes('json');
}

function sendPage(reply: FastifyReply, page: Page): FastifyReply {
  return reply
    .headers({
      'content-security-policy': page.contentSecurityPolicy,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
    .type('text/html; charset=utf-8')
    .send(page.html);
}
