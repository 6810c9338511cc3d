import type { Attack } from './attack.ts';

const HTTP =
  'gateway/http/graphql-over-http.integration.test.ts > GraphQL over HTTP > refuses what is too large, not JSON, not UTF-8, a batch, or could be forged by a page';
const SHAPES = 'gateway/limits/query-shapes.integration.test.ts > a document';
const PERSISTED = 'gateway/persisted/persisted-operations.integration.test.ts > a request';
const MASKING = 'subgraphs/shared/graphql/format-error.test.ts > masking';
const SLOW = 'gateway/http/slow-clients.test.ts';
const UNREAD = 'gateway/http/unread-answers.test.ts';

/** S16–S22 and S42: requests that are not what they seem. */
export const HTTP_REQUESTS: readonly Attack[] = [
  {
    row: 'S16',
    name: 'CSRF by GET',
    tries: [
      {
        tried: 'a query, a mutation with the preflight header, a GET of text/plain',
        answer: '400, 405, 415',
        proofs: [HTTP],
      },
    ],
  },
  {
    row: 'S17',
    name: 'CSRF by POST',
    tries: [{ tried: 'a form, text/plain, multipart/form-data', answer: '400', proofs: [HTTP] }],
  },
  {
    row: 'S18',
    name: 'denial of service by charset',
    tries: [{ tried: 'application/json; charset=ibm1047', answer: '415', proofs: [HTTP] }],
  },
  {
    row: 'S19',
    name: 'GraphiQL, landing page',
    tries: [
      {
        tried: 'the pages and their files, if they are off',
        answer: '404',
        proofs: [
          'gateway/explorer/serve-explorer.test.ts > an explorer that is off > answers 404 to browsers, and leaves GraphQL alone',
        ],
      },
    ],
  },
  {
    row: 'S20',
    name: 'trace and unhandled errors',
    tries: [
      {
        tried: 'a text that is not GraphQL',
        answer: 'GRAPHQL_PARSE_FAILED, no stack, no trace',
        proofs: [`${SHAPES} > that is no GraphQL is refused alike on both ways`],
      },
      {
        tried: 'a valid query',
        answer: 'data alone',
        proofs: [`${SHAPES} > that is good is answered without a trace of how`],
      },
    ],
  },
  {
    row: 'S21',
    name: 'error leak',
    tries: [
      {
        tried: 'a resolver that throws a password, over HTTP and over a socket',
        answer: 'masked, with the request id of our log line',
        proofs: [
          'gateway/server.integration.test.ts > a query > shows nothing of what failed inside, and logs it under the id that the client is told',
          'gateway/subscriptions/sockets.integration.test.ts > a socket > answers queries and mutations, with the errors of HTTP',
        ],
      },
      {
        tried: 'a stream whose source throws a password',
        answer: 'a masked error for that operation alone',
        proofs: [
          'gateway/subscriptions/protocol.integration.test.ts > graphql-transport-ws > sends error for the one id when a source throws, keeps the socket, and no complete',
        ],
      },
      {
        tried: 'a subgraph that is down',
        answer: 'UNAVAILABLE with a fixed message',
        proofs: [
          'gateway/server.integration.test.ts > a mutation > that finds nobody is told as not applied, since nothing of it was sent',
        ],
      },
      {
        tried: 'the message of a store, a stack, the name of a subgraph',
        answer: 'hidden, and reported to us',
        proofs: [
          `${MASKING} > hides what a store says and reports it once, with its true cause`,
          `${MASKING} > hides a thrown *`,
          `${MASKING} > never shows a stack or which service it was`,
        ],
      },
    ],
  },
  {
    row: 'S22',
    name: 'poisoned persisted queries',
    tries: [
      {
        tried: 'registering a text; another text under a hash; a hash that is an object',
        answer: 'nothing is registered; BAD_USER_INPUT',
        proofs: [`${PERSISTED} > registers nothing, and cannot pass a text off as another`],
      },
    ],
  },
  {
    row: 'S42',
    name: 'flood of headers, slowloris',
    tries: [
      {
        tried: 'an upgrade with 2000 headers',
        answer: '431, no upgrade',
        proofs: [`${SLOW} > a flood of headers > is answered 431 before it becomes an upgrade`],
      },
      {
        tried: 'silence, endless headers, bodies and chunks, at the gateway and at a subgraph',
        answer: '408, closed, and no other client notices',
        proofs: [
          `${SLOW} > a client of the gateway that > *`,
          `${SLOW} > a client of a subgraph that > *`,
          `${SLOW} > slow clients > *`,
        ],
      },
      {
        tried: 'answers of which nothing is read, or a byte now and then',
        answer: 'cut off, and those that are read are not',
        proofs: [`${UNREAD} > one that reads *`],
      },
    ],
  },
];
