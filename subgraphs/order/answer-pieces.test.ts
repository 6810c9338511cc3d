import { execute, parse } from 'graphql';
import { readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { buildGuardedSchema } from '#shared/subgraph/guarded-schema.ts';
import { AnswerPieces } from './answer-pieces.ts';
import { NOW_MS, price, quantity } from './domain/test-orders.ts';
import { INSTRUMENT, SYMBOL } from './engine/test-journal.ts';
import { permissions } from './permissions.ts';
import { resolvers } from './resolvers/index.ts';

/** A page of orders that were each amended so often. */
function pageOf(orders: number, amendsOfEach: number) {
  const values = {
    ...{ quantity: quantity('2'), limitPrice: price('100'), expireAt: null },
    ...{ triggerPrice: null, stopLimitPrice: null },
  };
  const amends = Array.from({ length: amendsOfEach }, (_, index) => ({
    ...{ amendId: `a-${index}`, asked: null, before: values, after: values },
    ...{ priorityKept: true, at: NOW_MS },
  }));
  return Array.from({ length: orders }, (_, index) => ({
    ...{ id: `o-${index}`, accountId: 'a', symbol: SYMBOL, createdSequence: BigInt(index), amends },
  }));
}

/** Reads the amends of a page. @returns them, and the turns of the event loop that others had meanwhile */
async function read(rows: readonly object[]) {
  const schema = buildGuardedSchema({
    typeDefs: readFileSync(new URL('./schema.graphql', import.meta.url), 'utf8'),
    ...{ resolvers, permissions },
  });
  const document = parse(
    '{ orders(accountId: "a", first: 250) { edges { node { id amends { amendId quantityAfter limitPriceAfter } } } } }',
  );
  const contextValue = {
    viewer: {
      ...{ kind: 'trader', userId: 'u', roles: [], scopes: ['trade:read'] },
      accounts: [{ accountId: 'a', role: 'OWNER' }],
    },
    instruments: { get: () => INSTRUMENT },
    useCases: { orders: () => Promise.resolve(rows) },
    pieces: new AnswerPieces(),
  };
  let turns = 0;
  let isAnswered = false;
  const others = (async () => {
    while (!isAnswered) await nextTurn().then(() => (turns += 1));
  })();
  const { data, errors } = await execute({ schema, document, contextValue });
  isAnswered = true;
  await others;
  expect(errors).toBeUndefined();
  const { edges } = data?.['orders'] as { edges: { node: { id: string; amends: object[] } }[] };
  return {
    turns,
    ids: edges.map(({ node }) => node.id),
    amends: edges.map((edge) => edge.node.amends),
  };
}

it('lets others have their turns in the middle of one list that is very long', async () => {
  const rows = Array.from({ length: 2600 }, (_, index) => index);
  let turns = 0;
  const turnOf = new Map<number, number>();
  const others = (async () => {
    for (; turns < 10; turns += 1) await nextTurn();
  })();
  const entries = new AnswerPieces().each(rows).map(async (entry) => {
    const row = await entry;
    turnOf.set(row, turns);
    return row;
  });
  expect(await Promise.all(entries)).toEqual(rows);
  const most = Math.max(...[...new Set(turnOf.values())].map((turn) => countOf(turnOf, turn)));
  expect(most).toBeLessThanOrEqual(1000);
  await others;
});

function countOf(turnOf: ReadonlyMap<number, number>, turn: number): number {
  return [...turnOf.values()].filter((one) => one === turn).length;
}

describe('the lists of each of several orders', () => {
  it('let others have their turns meanwhile if they are long', async () => {
    const { turns, ids, amends } = await read(pageOf(250, 100));
    expect(ids).toEqual(Array.from({ length: 250 }, (_, index) => `o-${index}`));
    expect(new Set(amends.map((list) => list.length))).toEqual(new Set([100]));
    expect(turns).toBeGreaterThanOrEqual(49);
  });

  it('are answered at once if they are short', async () => {
    const { turns, amends } = await read(pageOf(100, 5));
    expect(amends).toHaveLength(100);
    expect(turns).toBeLessThanOrEqual(2);
  });
});
