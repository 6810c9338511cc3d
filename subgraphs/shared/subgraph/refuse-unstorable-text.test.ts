import { buildSchema, type ExecutionResult, graphql, parse, subscribe } from 'graphql';
import { describe, expect, it } from 'vitest';
import { refuseUnstorableText } from './refuse-unstorable-text.ts';

const schema = buildSchema(`
  input Deep { texts: [String!], deeper: Deep, number: Int }
  type Thing { part(id: ID!): String }
  type Query { text(text: String): String thing: Thing number(number: Int): Int }
  type Mutation { write(input: Deep!): String }
  type Subscription { follow(ids: [ID!]!): String }
`);
const seen: unknown[] = [];
const answer = (args: unknown) => {
  seen.push(args);
  return 'seen';
};
for (const [type, name] of [
  ['Query', 'text'],
  ['Thing', 'part'],
  ['Mutation', 'write'],
] as const) {
  const object = schema.getType(type) as ReturnType<typeof schema.getQueryType>;
  const field = object?.getFields()[name];
  if (field) field.resolve = (_parent, args) => answer(args);
}
const follow = schema.getSubscriptionType()?.getFields()['follow'];
if (follow)
  follow.subscribe = async function* (_parent, args) {
    yield await Promise.resolve({ follow: answer(args) });
  };
refuseUnstorableText(schema);

const PLACES = [
  ['query ($v: String!) { text(text: $v) }'],
  ['query ($v: ID!) { thing { part(id: $v) } }'],
  ['mutation ($v: String!) { write(input: { deeper: { deeper: { texts: ["a", $v] } } }) }'],
  ['subscription ($v: ID!) { follow(ids: ["a", $v]) }'],
] as const;

async function ask(source: string, v: string): Promise<ExecutionResult> {
  const rootValue = { thing: {} };
  if (!source.startsWith('subscription'))
    return graphql({ schema, source, rootValue, variableValues: { v } });
  const events = await subscribe({ schema, document: parse(source), variableValues: { v } });
  return 'next' in events ? ((await events.next()).value as ExecutionResult) : events;
}

describe('a text that no store can take', () => {
  it.each(PLACES)('is refused as bad input by %s, and nobody is asked', async (source) => {
    for (const text of ['\0', 'a\0b', '\ud800', 'a\udc00b', '\udc00\ud800']) {
      seen.length = 0;
      const { errors } = await ask(source, text);
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
      expect(seen).toEqual([]);
    }
  });

  it.each(PLACES)('is not what others are to %s', async (source) => {
    for (const text of ['', 'ü\n\u0001\u{10ffff}', '\u{1f600}', `'; DROP TABLE users; --`]) {
      const { errors } = await ask(source, text);
      expect(errors).toBeUndefined();
      expect(JSON.stringify(seen.at(-1))).toContain(JSON.stringify(text));
    }
  });
});
