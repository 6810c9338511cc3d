// What the in-process peers share: their events are made in the server's own process, without a hop
// from a subgraph, which favors them.
import { readFileSync } from 'node:fs';
import { buildASTSchema, parse } from 'graphql';
import { serveControl } from '../feed/control.ts';
import { answerParent } from '../processes/answer-parent.ts';

const CONTRACT = new URL('../../subgraphs/market-data/schema.graphql', import.meta.url);

/** The measured schema, with one source for its subscription. */
export function quoteSchema(subscribe) {
  const document = parse(readFileSync(CONTRACT, 'utf8'));
  // This is a subgraph's SDL, which does not define federation's directives.
  const schema = buildASTSchema(document, { assumeValidSDL: true, assumeValid: true });
  schema.getSubscriptionType().getFields().quoteChanged.subscribe = subscribe;
  return schema;
}

/** Reports to the runner where the server and its control are. */
export async function answerWith(server, publish) {
  const controlPort = await serveControl(publish);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  answerParent({ listen: () => ({ port: server.address().port, controlPort }) });
}
