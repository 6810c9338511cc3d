// mercurius as in its manual: fastify, its own pub/sub, and a subscription for each client.
import Fastify from 'fastify';
import mercurius from 'mercurius';
import { answerWith, quoteSchema } from './in-process-quotes.js';

const topicOf = (symbol) => `quote ${symbol}`;

const app = Fastify();
const schema = quoteSchema((_root, { symbols }, { pubsub }) =>
  pubsub.subscribe(symbols.map(topicOf)),
);
await app.register(mercurius, { schema, subscription: true });
await app.ready();
await answerWith(app.server, (events) => {
  for (const quoteChanged of events)
    app.graphql.pubsub.publish({
      topic: topicOf(quoteChanged.quote.symbol),
      payload: { quoteChanged },
    });
});
