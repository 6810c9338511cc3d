import Module, { createRequire } from 'node:module';

/**
 * Apollo's gateway, planner and schema library; nothing else in the gateway loads them.
 *
 * Loading the gateway also loads what this one never uses: its reporting to Apollo, which is off,
 * composing and fetching supergraphs, and calling subgraphs, for which we have our own data
 * sources. That is more than half of all code it loads, and would stay in memory. So placeholders
 * take its place while the gateway loads; using one fails with an error that says so.
 */
const require = createRequire(import.meta.url);
const requireOfGateway = createRequire(require.resolve('@apollo/gateway'));
const requireOfGraphs = createRequire(
  createRequire(require.resolve('@apollo/query-planner')).resolve('@apollo/query-graphs'),
);

/** The files that are not loaded. */
const UNUSED: readonly string[] = [
  ...[
    '@opentelemetry/exporter-metrics-otlp-http',
    '@opentelemetry/resource-detector-alibaba-cloud',
    '@opentelemetry/resource-detector-aws',
    '@opentelemetry/resource-detector-azure',
    '@opentelemetry/resource-detector-gcp',
    '@opentelemetry/resources',
    '@opentelemetry/sdk-metrics',
    '@apollo/composition',
    'make-fetch-happen',
    'node-fetch',
  ].map((name) => requireOfGateway.resolve(name)),
  requireOfGraphs.resolve('ts-graphviz'), // draws query graphs
];
/** Field names of its reports, 4 MiB; some are read while it loads, and then never again. */
const NAMES = requireOfGateway.resolve('@opentelemetry/semantic-conventions/incubating');

const gateway = withoutUnused(() => require('@apollo/gateway') as typeof import('@apollo/gateway'));
const planner = require('@apollo/query-planner') as typeof import('@apollo/query-planner');
// The gateway has already loaded them; an import would keep a second copy of each file's text.
const internals = requireOfGateway(
  '@apollo/federation-internals',
) as typeof import('@apollo/federation-internals');

/** See the manual of `@apollo/gateway`. */
export const { ApolloGateway } = gateway;
/** Plans operations; see `@apollo/query-planner`. */
export const { QueryPlanner, evaluateCondition } = planner;
/** Reads operations and schemas as the planner does; it promises no stability. */
export const { operationFromDocument, Supergraph } = internals;

/**
 * Loads a module while placeholders stand in for what it does not need; others can load that later.
 */
function withoutUnused<Loaded>(load: () => Loaded): Loaded {
  const replaced = [NAMES, ...UNUSED].filter((file) => require.cache[file] === undefined);
  for (const file of replaced) require.cache[file] = placeholderOf(file);
  try {
    return load();
  } finally {
    for (const file of replaced) Reflect.deleteProperty(require.cache, file);
  }
}

function placeholderOf(file: string): Module {
  const exports = new Proxy(
    {},
    {
      get: (_exports, name) => {
        if (file === NAMES || name === '__esModule' || typeof name === 'symbol') return undefined;
        throw new Error(`${file} is not loaded by this gateway.`);
      },
    },
  );
  return Object.assign(new Module(file), { filename: file, loaded: true, exports });
}
