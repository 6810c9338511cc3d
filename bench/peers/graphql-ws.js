// graphql-ws as in its manual: `useServer`, and an async iterator for each client.
import { createServer } from 'node:http';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { answerWith, quoteSchema } from './in-process-quotes.js';

const listeners = new Set();

/** One client's events, as an iterator whose `return` unsubscribes. */
function quotes(symbols) {
  const waiting = [];
  const queue = [];
  const done = { value: undefined, done: true };
  const listener = (event) => {
    if (!symbols.includes(event.quote.symbol)) return;
    const resolve = waiting.shift();
    if (resolve) resolve({ value: { quoteChanged: event }, done: false });
    else queue.push(event);
  };
  listeners.add(listener);
  return {
    next: () =>
      queue.length > 0
        ? Promise.resolve({ value: { quoteChanged: queue.shift() }, done: false })
        : new Promise((resolve) => waiting.push(resolve)),
    return: () => {
      listeners.delete(listener);
      for (const resolve of waiting.splice(0)) resolve(done);
      return Promise.resolve(done);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

const server = createServer();
const schema = quoteSchema((_root, { symbols }) => quotes(symbols));
useServer({ schema }, new WebSocketServer({ server, path: '/graphql' }));
await answerWith(server, (events) => {
  for (const event of events) for (const listener of listeners) listener(event);
});
