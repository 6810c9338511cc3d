import { readFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, parse } from 'graphql';
import { hostSubgraph } from '../fixture/subgraph-host.ts';
import { FIXTURE_NAMES, type FixtureName } from '../fixture/supergraph.ts';
import { answerParent } from '../processes/answer-parent.ts';

/** Where one subgraph's process is reached, or all of them with their supergraph. */
export interface QuerySubgraphs {
  readonly origins: Readonly<Record<FixtureName, string>>;
  readonly supergraph: string;
}

type Fields = Readonly<Record<string, unknown>>;

const many = (count: number, of: (index: number) => Fields) =>
  Array.from({ length: count }, (_, index) => of(index));
const instrument = (symbol: string) => ({
  ...{ symbol, name: `The ${symbol}`, bid: '100.25', ask: '100.5', openInterest: '1250.75' },
  largest: ({ count }: { readonly count: number }) =>
    many(count, (index) => ({
      quantity: `${index}.5`,
      holder: { id: `trader-${symbol}-${index}` },
    })),
});
const trader = (id: string) => ({
  ...{ id, name: `Trader ${id}`, country: 'CH' },
  balances: many(5, (index) => ({ asset: `A${index}`, total: '10.5', free: '4.25' })),
  orders: ({ first }: { readonly first: number }) =>
    many(first, (index) => ({
      ...{ id: `${id}-${index}`, price: '100', quantity: '0.5' },
      instrument: instrument(`S${index}`),
    })),
});
const resolvers = {
  Instrument: {
    __resolveReference: ({ symbol }: { readonly symbol: string }) => instrument(symbol),
  },
  Trader: { __resolveReference: ({ id }: { readonly id: string }) => trader(id) },
};
const rootValue = {
  instruments: ({ first }: { readonly first: number }) =>
    many(first, (index) => instrument(`S${index}`)),
  trader: ({ id }: { readonly id: string }) => trader(id),
};

/** A bare subgraph that remembers its answers, so that it costs all gateways as little as can be. */
async function startSubgraph(name: FixtureName): Promise<string> {
  const known = Object.entries(resolvers).filter(([type]) =>
    sdl(name).includes(`type ${type} @key`),
  );
  const schema = buildSubgraphSchema({
    typeDefs: parse(sdl(name)),
    resolvers: Object.fromEntries(known),
  });
  const answers = new Map<string, unknown>();
  const { origin } = await hostSubgraph(async ({ query, variables = {} }) => {
    const key = JSON.stringify([query, variables]);
    const answer =
      answers.get(key) ??
      (await execute({ schema, document: parse(query), variableValues: variables, rootValue }));
    answers.set(key, answer);
    return answer;
  });
  return origin;
}

function sdl(name: FixtureName): string {
  return readFileSync(new URL(`./${name}.graphql`, import.meta.url), 'utf8');
}

/** The supergraph of the three, wherever they are. */
export function composeQuerySupergraph(origins: QuerySubgraphs['origins']): string {
  const { supergraphSdl, errors = [] } = composeServices(
    FIXTURE_NAMES.map((name) => ({
      ...{ name, url: `${origins[name]}/graphql`, typeDefs: parse(sdl(name)) },
    })),
  );
  if (supergraphSdl === undefined) throw new Error(errors.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}

if (import.meta.filename === process.argv[1]) answerParent({ listen: startSubgraph });
