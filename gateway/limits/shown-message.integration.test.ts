// A gateway whose schema can be read, such as that of `npm start`: a mistake in a name is answered
// with the names near it, which whoever writes a first program needs most.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Answer, type DeskFixture, startDeskFixture } from '../fixtures/desk-fixture.ts';
import { SocketClient } from '../fixtures/socket-client.ts';

let desk: DeskFixture;
beforeAll(async () => {
  desk = await startDeskFixture({ introspection: true });
});
afterAll(() => desk.stop());

it.each([
  ['of a field', '{ serverTim }', {}, 'Did you mean "serverTime"?'],
  [
    'of a member of a union',
    'subscription { quoteChanged(symbols: ["A"]) { quote { symbol } } }',
    {},
    'Did you mean to use an inline fragment on "QuoteUpdate"?',
  ],
  [
    'of a field of variables',
    'subscription ($d: DeliveryInput) { quoteChanged(symbols: ["A"], delivery: $d) { __typename } }',
    { d: { maxPerSecnd: 1 } },
    'Did you mean "maxPerSecond"?',
  ],
])('a mistake in the name %s is answered with what is near', async (...asked) => {
  const [, query, variables, hint] = asked;
  const client = await SocketClient.connect(desk.origin);
  client.subscribe('1', query, variables);
  const { payload } = await client.next();
  await client.close();
  const answers = [(payload as unknown as Answer['errors']) ?? []];
  if (!query.startsWith('subscription'))
    answers.push((await desk.post({ query, variables })).json.errors ?? []);
  for (const [error] of answers) expect(error?.message).toContain(hint);
});
