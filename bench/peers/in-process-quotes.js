// What the in-process peers share: events made beside the server, without a hop from a subgraph,
// which is in their favour.
import { readFileSync } from 'node:fs';
import { buildASTSchema, parse } from 'graphql';
import { serveControl } from '../feed/control.ts';
import { answerParent } from '../processes/answer-parent.ts';

const CONTRACT = new URL('../../subgraphs/market-data/schema.graphql', import.meta.url);

/** The schema whose events are measured, with one source for its subscription. */
export function quoteSchema(subscribe) {
  const document = parse(readFileSync(CONTRACT, 'utf8'));
  // It is a subgraph's contract: federation's directives are not defined in it.
  const schema = buildASTSchema(document, { assumeValidSDL: true, assumeValid: true });
  schema.getSubscriptionType().getFields().quoteChanged.subscribe = subscribe;
  return schema;
}

/** Tells the runner where the server and its control are. */
export async function answerWith(server, publish) {
  const controlPort = await serveControl(publish);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  answerParent({ listen: () => ({ port: server.address().port, controlPort }) });
}
