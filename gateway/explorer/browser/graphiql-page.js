// Runs in the browser: GraphiQL over our endpoint, with subscriptions over graphql-transport-ws.
import { GraphiQL } from 'graphiql';
import 'graphiql/style.css';
import { createClient } from 'graphql-ws';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import './graphiql-page.css';

const { document, fetch, location } = globalThis;
const { endpoint, examples } = JSON.parse(document.getElementById('settings').textContent);
const httpAddress = new URL(endpoint, location.href).href;
const socketAddress = httpAddress.replace(/^http/, 'ws');

/** What goes into `connection_init`: the credential among the editor's headers, if any. */
function connectionParamsOf(headers) {
  const valueOf = (wanted) =>
    Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === wanted)?.[1] || undefined;
  return { apiKey: valueOf('x-api-key'), authorization: valueOf('authorization') };
}

/** One socket for each credential. */
const sockets = new Map();
function socketFor(connectionParams) {
  const key = JSON.stringify(connectionParams);
  // Refusals have codes from 4000 up; trying again does not help against those.
  const shouldRetry = ({ code }) => code < 4000;
  const settings = { url: socketAddress, connectionParams, shouldRetry, retryAttempts: 3 };
  if (!sockets.has(key)) sockets.set(key, createClient(settings));
  return sockets.get(key);
}

/** The stream as GraphiQL takes it; a socket that ends says why. */
function observe(request, headers) {
  const socket = socketFor(connectionParamsOf(headers));
  const readable = (error) =>
    'code' in error && 'reason' in error
      ? [{ message: `The socket was closed: ${error.code} ${error.reason}` }]
      : error;
  return {
    subscribe: ({ next, error, complete }) => ({
      unsubscribe: socket.subscribe(request, {
        next,
        error: (cause) => error(readable(cause)),
        complete,
      }),
    }),
  };
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
  if (chosen?.kind === 'subscription') return observe(request, headers);
  const response = await fetch(httpAddress, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
    body: JSON.stringify(request),
  });
  return response.json();
}

const headers = JSON.stringify({ 'x-api-key': '' }, null, 2);
createRoot(document.getElementById('graphiql')).render(
  createElement(GraphiQL, {
    fetcher,
    defaultHeaders: headers,
    defaultEditorToolsVisibility: 'headers',
    defaultTabs: examples.map(({ query, variables }) => ({ query, variables, headers })),
    shouldPersistHeaders: false,
  }),
);
