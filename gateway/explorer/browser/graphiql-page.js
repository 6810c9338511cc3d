// Runs in the browser: GraphiQL over our endpoint, with subscriptions over graphql-transport-ws.
import { createClient } from './client.js';

const { document, fetch, GraphiQL, location, React, ReactDOM } = globalThis;
const examples = JSON.parse(document.getElementById('examples').textContent);
const httpAddress = new URL('/graphql', location.href).href;
const socketAddress = httpAddress.replace(/^http/, 'ws');

/** One socket for each set of headers in the editor; they become its `connection_init`. */
const sockets = new Map();
function socketFor(headers) {
  const key = JSON.stringify(headers);
  const known =
    sockets.get(key) ??
    createClient({ url: socketAddress, connectionParams: headers, retryAttempts: 3 });
  sockets.set(key, known);
  return known;
}

/** The headers that name a credential, by lower-case name; empty ones are left out. */
function credentialIn(headers) {
  return Object.fromEntries(
    Object.entries(headers ?? {})
      .map(([name, value]) => [name.toLowerCase(), value])
      .filter(([name, value]) => value && (name === 'x-api-key' || name === 'authorization')),
  );
}

/** The operations of a document: right after a change of tabs the editor still knows the last one's. */
function operationsIn(query) {
  return [...query.matchAll(/^\s*(query|mutation|subscription)\b\s*(\w+)?/gm)].map(
    ([, kind, name]) => ({ kind, name }),
  );
}

async function fetcher({ query, variables, operationName }, { headers } = {}) {
  const operations = operationsIn(query);
  const chosen = operations.find(({ name }) => name === operationName) ?? operations[0];
  const request = { query, variables, operationName: chosen?.name };
  if (chosen?.kind === 'subscription') return socketFor(credentialIn(headers)).iterate(request);
  const response = await fetch(httpAddress, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
    body: JSON.stringify(request),
  });
  return response.json();
}

const headers = JSON.stringify({ 'x-api-key': '' }, null, 2);
ReactDOM.createRoot(document.getElementById('graphiql')).render(
  React.createElement(GraphiQL, {
    fetcher,
    defaultHeaders: headers,
    defaultEditorToolsVisibility: 'headers',
    defaultTabs: examples.map(({ query, variables }) => ({ query, variables, headers })),
    shouldPersistHeaders: false,
  }),
);
