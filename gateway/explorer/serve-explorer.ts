import type { FastifyInstance, FastifyReply } from 'fastify';
import { readAssets } from './assets.ts';
import { readExamples } from './examples.ts';
import { graphiqlPage } from './graphiql-page.ts';
import type { Page } from './page.ts';
import { sandboxPage } from './sandbox-page.ts';

const GRAPHIQL = '/graphiql';
const ASSETS = `${GRAPHIQL}/assets`;

/**
 * Serves the pages for people: Apollo Sandbox to a browser that opens the endpoint, and GraphiQL. Where
 * they are switched off both addresses answer a browser 404.
 */
export function serveExplorer(
  app: FastifyInstance,
  options: { readonly endpoint: string; readonly isOn: boolean },
): void {
  const examples = options.isOn ? readExamples() : [];
  app.addHook('onRequest', async (request, reply) => {
    const { pathname } = new URL(request.url, 'http://gateway');
    const isPage = request.method === 'GET' && request.headers.accept?.includes('text/html');
    if (pathname !== options.endpoint || !isPage) return;
    if (!options.isOn) return reply.callNotFound();
    return sendPage(reply, sandboxPage(examples));
  });
  if (!options.isOn) return;
  const assets = readAssets();
  app.get(GRAPHIQL, (_request, reply) => sendPage(reply, graphiqlPage(examples, ASSETS)));
  app.get<{ Params: { name: string } }>(`${ASSETS}/:name`, (request, reply) => {
    const asset = assets.get(request.params.name);
    if (asset === undefined) return reply.callNotFound();
    return reply
      .headers({ 'cache-control': 'public, max-age=3600', 'x-content-type-options': 'nosniff' })
      .type(asset.type)
      .send(asset.body);
  });
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
