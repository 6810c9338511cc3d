// Plain `ws` as the lower bound: no GraphQL, one prepared string, and `send()` to every socket.
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { answerWith } from './in-process-quotes.js';

const ID = '00000000-0000-4000-8000-000000000000';
const server = createServer();
const sockets = new WebSocketServer({ server, path: '/graphql', clientTracking: false });
const subscribed = new Set();
sockets.on('connection', (socket) => {
  socket.on('message', (data) => {
    if (data.includes('"connection_init"')) socket.send('{"type":"connection_ack"}');
    else if (data.includes('"subscribe"')) subscribed.add(socket);
  });
  socket.on('close', () => subscribed.delete(socket));
});

/** The same bytes that the others send. */
function frameOf({ sequence, quote }) {
  const { symbol, bidPrice, bidQuantity, askPrice, askQuantity } = quote;
  const shown = { symbol, bidPrice, bidQuantity, askPrice, askQuantity };
  const data = { quoteChanged: { sequence, quote: shown } };
  return JSON.stringify({ id: ID, type: 'next', payload: { data } });
}

await answerWith(server, (events) => {
  for (const event of events) {
    const frame = frameOf(event);
    for (const socket of subscribed) socket.send(frame);
  }
});
