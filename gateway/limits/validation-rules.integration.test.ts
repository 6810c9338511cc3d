import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DeskFixture, startDeskFixture } from '../fixtures/desk-fixture.ts';
import { SocketClient } from '../fixtures/socket-client.ts';

let desk: DeskFixture;
beforeAll(async () => {
  desk = await startDeskFixture({ introspection: false });
});
afterAll(() => desk.stop());

describe('the limits', () => {
  const bomb = `{ viewer { accounts { ...F0 } } } ${Array.from(
    { length: 10 },
    (_, i) =>
      `fragment F${i} on Account { orders { edges { node { account { ...F${i + 1} } } } } o2: orders { edges { node { account { ...F${i + 1} } } } } }`,
  ).join(' ')} fragment F10 on Account { id }`;
  const attacks: readonly (readonly [string, string, string])[] = [
    ['a fragment bomb', bomb, 'GRAPHQL_VALIDATION_FAILED'],
    [
      '101 aliases',
      `{ ${Array.from({ length: 101 }, (_, i) => `a${i}: __typename`).join(' ')} }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['a near miss of a field', '{ serverTim }', 'GRAPHQL_VALIDATION_FAILED'],
    ['too many tokens', `{ a(x: ${'['.repeat(1500)} }`, 'GRAPHQL_PARSE_FAILED'],
    ['a syntax error', 'qwerty cop { abc }', 'GRAPHQL_PARSE_FAILED'],
  ];

  it.each(attacks)(
    'refuse %s alike over HTTP and over a socket that stays open',
    async (_name, query, code) => {
      const { status, json } = await desk.post({ query });
      expect(status).toBe(400);
      expect(json.errors?.map(({ extensions }) => extensions['code'])).toContain(code);
      const client = await SocketClient.connect(desk.origin);
      client.subscribe('1', query);
      const { payload, ...message } = await client.next();
      expect(message).toEqual({ id: '1', type: 'error' });
      const errors = payload as unknown as { message: string; extensions: { code: string } }[];
      expect(errors.map(({ extensions }) => extensions.code)).toContain(code);
      expect(JSON.stringify([json, errors])).not.toContain('Did you mean');
      client.subscribe('2', '{ __typename }');
      expect(await client.next()).toMatchObject({ id: '2', type: 'next' });
      await client.close();
    },
  );

  it.each([
    [
      'a fragment bomb',
      `subscription { orderEvents(accountId: "a") { ... on OrderSnapshot { account { ...F0 } } } } ${bomb.slice(bomb.indexOf('fragment'))}`,
    ],
    [
      'aliases',
      `subscription { quoteChanged(symbols: ["A"]) { ${Array.from({ length: 16 }, (_, i) => `a${i}: __typename`).join(' ')} } }`,
    ],
    [
      'a near miss',
      'subscription { quoteChanged(symbols: ["A"]) { ... on QuoteUpdate { sequenc } } }',
    ],
    [
      'two root fields',
      'subscription { a: quoteChanged(symbols: ["A"]) { __typename } b: quoteChanged(symbols: ["A"]) { __typename } }',
    ],
    [
      'a condition',
      'subscription ($x: Boolean!) { quoteChanged(symbols: ["A"]) @include(if: $x) { __typename } }',
    ],
    ['introspection alone', 'subscription { __typename }'],
    [
      'a reserved variable',
      'subscription ($representations: [ID!]!) { quoteChanged(symbols: $representations) { __typename } }',
    ],
  ])('refuse %s under a subscription before anything is opened', async (_name, query) => {
    desk.world.calls.length = 0;
    const client = await SocketClient.connect(desk.origin);
    client.subscribe('1', query);
    const message = await client.next();
    expect(message).toMatchObject({ id: '1', type: 'error' });
    const errors = message.payload as unknown as { extensions: { code: string } }[];
    expect([...new Set(errors.map(({ extensions }) => extensions.code))]).toEqual([
      'GRAPHQL_VALIDATION_FAILED',
    ]);
    expect(JSON.stringify(message)).not.toContain('Did you mean');
    expect(desk.world.calls).toEqual([]);
    await client.close();
  });

  it('answer wrong variables of a subscription as bad input', async () => {
    const client = await SocketClient.connect(desk.origin);
    client.subscribe(
      '1',
      'subscription ($s: [ID!]!) { quoteChanged(symbols: $s) { __typename } }',
      { s: [{}] },
    );
    expect(await client.next()).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    });
    await client.close();
  });
});
