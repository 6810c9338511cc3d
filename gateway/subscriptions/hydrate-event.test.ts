import { parse } from 'graphql';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { parseUserId, trusted } from '#shared/domain/ids.ts';
import type { Viewer } from '#shared/identity/viewer.ts';
import { composedQueryGraph } from '../fixtures/composed-schema.ts';
import { createHydrateEvent, type Recipient } from './hydrate-event.ts';
import { normalizeSubscription } from './normalized-subscription.ts';
import { planSubscription } from './subscription-plan.ts';

const graph = composedQueryGraph();
const NAMES =
  'subscription { orderEvents(accountId: "a") { ... on OrderSnapshot { account { name } } } }';
const EVENT = {
  data: {
    orderEvents: {
      __typename: 'OrderSnapshot',
      account: { __typename: 'Account', id: 'a' },
    },
  },
};
const viewer: Viewer = {
  kind: 'trader',
  userId: trusted(parseUserId, 'anna'),
  credential: { kind: 'apiKey', keyId: 'k' as never },
  scopes: [],
  accounts: [],
  expiresAt: null,
};
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** The account subgraph, which answers when it is told to. */
function aSilentSubgraph(
  answer: object = { data: { _entities: [{ __typename: 'Account', name: 'A' }] } },
) {
  const held: (() => void)[] = [];
  const plan = planSubscription(graph, normalizeSubscription(graph.apiSchema, parse(NAMES), null));
  const account = {
    process: async () => {
      await new Promise<void>((release) => held.push(release));
      return answer;
    },
  };
  const recipient = (principal: string): Recipient => ({
    plan: { ...plan, services: { ...plan.services, account } },
    variables: {},
    viewer,
    principal,
  });
  return { held, recipient };
}

it('asks other subgraphs about four events of one principal at a time, and of another all the same', async () => {
  const { held, recipient } = aSilentSubgraph();
  const hydrate = createHydrateEvent(pino({ level: 'silent' }), () => {});
  const results = Array.from({ length: 6 }, () => hydrate(recipient('anna'), EVENT));
  await settled();
  expect(held).toHaveLength(4);
  results.push(hydrate(recipient('bert'), EVENT));
  await settled();
  expect(held).toHaveLength(5);
  while (held.length > 0) {
    held.shift()?.();
    await settled();
  }
  for (const result of results)
    expect(await result).toEqual({ data: { orderEvents: { account: { name: 'A' } } } });
});

it('names the place of an error as its client knows it', async () => {
  const error = { message: 'No.', path: ['_entities'], extensions: { code: 'FORBIDDEN' } };
  const { held, recipient } = aSilentSubgraph({ data: null, errors: [error] });
  const hydrate = createHydrateEvent(pino({ level: 'silent' }), () => {});
  const result = hydrate(recipient('anna'), EVENT);
  await settled();
  held.shift()?.();
  expect((await result).errors?.[0]).toMatchObject({
    message: 'No.',
    path: ['orderEvents', 'account'],
  });
});
