import type { Attack } from './attack.ts';

const SHAPES = 'gateway/limits/query-shapes.integration.test.ts > a document';
const PROTOTYPE = 'gateway/limits/query-shapes.integration.test.ts > the prototype of all objects';
const RULES = 'gateway/limits/validation-rules.test.ts > the limits of a document';
const LIMITS = 'gateway/limits/validation-rules.integration.test.ts > the limits';
const HTTP = 'gateway/http/graphql-over-http.integration.test.ts > GraphQL over HTTP';
const alike = (what: string) => `${SHAPES} > that ${what} is refused alike on both ways`;
const INVALID = '400 / error GRAPHQL_VALIDATION_FAILED, socket open';
const UNREADABLE = '400 / error GRAPHQL_PARSE_FAILED, socket open';

/** S1–S15: the shape of operations. */
export const QUERY_SHAPE: readonly Attack[] = [
  {
    row: 'S1',
    name: 'introspection',
    tries: [
      {
        tried: '__schema and __type, over HTTP and a socket',
        answer: INVALID,
        proofs: [alike('asks for all types'), alike('asks for one type')],
      },
      {
        tried: 'the reason in the answer',
        answer: 'INTROSPECTION_DISABLED',
        proofs: [`${SHAPES} > that asks for types is told why, alike on both ways`],
      },
    ],
  },
  {
    row: 'S2',
    name: 'circular introspection',
    tries: [
      {
        tried: '__schema with fields and types in circles',
        answer: INVALID,
        proofs: [alike('asks for types in circles')],
      },
      {
        tried: '__schema with the types of all fields under fifteen names',
        answer: 'more than an operation can cost',
        proofs: [
          'gateway/limits/operation-cost.test.ts > the cost of an operation > is too much for the types of all fields under several names, which fill megabytes',
        ],
      },
      {
        tried: '__schema with the texts of all fields under fifteen names',
        answer: 'fifteen times the cost',
        proofs: [
          'gateway/limits/operation-cost.test.ts > the cost of an operation > counts each further name for the texts of the schema',
        ],
      },
    ],
  },
  {
    row: 'S3',
    name: 'guessing the schema',
    tries: [
      {
        tried: 'near and far misses of fields, arguments and types, and of those of variables',
        answer: 'the same messages except for the name, no "Did you mean"',
        proofs: [
          `${SHAPES} > that guesses a name *`,
          `${SHAPES} > whose variables guess a name *`,
          `${LIMITS} > refuse a near miss *`,
        ],
      },
      {
        tried: 'a wrong value of 240 KB full of "Did you mean"',
        answer: 'refused as soon as another of its size',
        proofs: [`${SHAPES} > that repeats the words before near names *`],
      },
    ],
  },
  {
    row: 'S4',
    name: 'alias overload',
    tries: [
      {
        tried: '101 aliases, and 16 under a subscription',
        answer: INVALID,
        proofs: [
          `${LIMITS} > refuse 101 aliases alike over HTTP and over a socket that stays open`,
          `${LIMITS} > refuse aliases under a subscription before anything is opened`,
        ],
      },
      {
        tried: 'aliases of 16 KB on each item of a list, and in fragments',
        answer: INVALID,
        proofs: [
          `${RULES} > refuse one alias of 1001 characters`,
          `${RULES} > refuse ten aliases of 101 characters in fragments`,
        ],
      },
    ],
  },
  {
    row: 'S5',
    name: 'credential stuffing by alias',
    tries: [
      {
        tried: 'one mutation with eight sign-ins of one user',
        answer: 'five CREDENTIALS_INVALID, then TOO_MANY_ATTEMPTS',
        proofs: [
          'subgraphs/account/sign-in.integration.test.ts > signing in > is tried once by each alias of one request',
        ],
      },
      {
        tried: 'a hundred aliases of anything',
        answer: INVALID,
        proofs: [`${RULES} > refuse 101 aliases of anything`],
      },
    ],
  },
  {
    row: 'S6',
    name: 'array batching',
    tries: [
      {
        tried: 'an array as a body, and as a message',
        answer: '400 / close 4400',
        proofs: [
          `${HTTP} > refuses what is too large, not JSON, not UTF-8, a batch, or could be forged by a page`,
          'gateway/subscriptions/protocol.integration.test.ts > graphql-transport-ws > closes 4400 on a message that is none, and on a batch',
        ],
      },
    ],
  },
  {
    row: 'S7',
    name: 'directive overload',
    tries: [
      {
        tried: 'ten unknown directives; one in a hundred spreads; spreads that multiply them',
        answer: `${INVALID}, at most 4 errors`,
        proofs: [
          alike('has ten directives that are none'),
          alike('spreads a fragment with a directive a hundred times'),
          `${RULES} > refuse directives multiplied by spreads`,
        ],
      },
      {
        tried:
          'nested conditions around a field that is written very often, on each item of a list',
        answer: 'decided once for the response',
        proofs: [
          'gateway/supergraph/execution/write-response.test.ts > a condition > is decided once for a response, however many objects it has and however often it is written',
        ],
      },
    ],
  },
  {
    row: 'S8',
    name: 'field duplication',
    tries: [
      {
        tried: '480 times __typename',
        answer: INVALID,
        proofs: [alike('has one field 480 times')],
      },
    ],
  },
  {
    row: 'S9',
    name: 'overlapping fields',
    tries: [
      {
        tried: '10,000 fields that overlap, and 800, the most that are parsed',
        answer: 'GRAPHQL_PARSE_FAILED, GRAPHQL_VALIDATION_FAILED; socket open',
        proofs: [
          alike('has far more fields that overlap than may be read'),
          alike('has as many fields that overlap as may be read'),
        ],
      },
      {
        tried: 'the time of the worst document that is parsed',
        answer: 'no more than validating a dashboard a hundred times',
        proofs: [
          `${RULES} > check the most fields that overlap, of all that may be read, in the time of some dashboards`,
        ],
      },
    ],
  },
  {
    row: 'S10',
    name: 'circular fragments',
    tries: [
      {
        tried: 'two fragments that spread each other',
        answer: INVALID,
        proofs: [
          alike('spreads fragments in circles'),
          `${RULES} > refuse circles of fragments and do not follow them`,
        ],
      },
    ],
  },
  {
    row: 'S11',
    name: 'fragment bomb',
    tries: [
      {
        tried: 'fragments that each spread the next one twice, in a query and in a subscription',
        answer: `${INVALID}, before anything is planned or opened`,
        proofs: [
          `${LIMITS} > refuse a fragment bomb alike over HTTP and over a socket that stays open`,
          `${LIMITS} > refuse a fragment bomb under a subscription before anything is opened`,
        ],
      },
      {
        tried: 'twice as many levels',
        answer: 'refused, in a time that does not double with each level',
        proofs: [
          `${RULES} > refuse a fragment bomb in a time that does not double with each level`,
        ],
      },
    ],
  },
  {
    row: 'S12',
    name: 'deep literal or selection',
    tries: [
      {
        tried: 'a literal of 5000 levels, a selection of 3000',
        answer: UNREADABLE,
        proofs: [alike('nests a literal 5000 times'), alike('nests its selection 3000 times')],
      },
      {
        tried: 'a selection of the greatest depth that is parsed',
        answer: INVALID,
        proofs: [alike('nests its selection as deep as may be read')],
      },
    ],
  },
  {
    row: 'S13',
    name: 'cost by variable',
    tries: [
      {
        tried: 'first: 100000 in the document',
        answer: 'The query is too costly',
        proofs: [
          `${SHAPES} > that asks for a page without end written out is refused alike on both ways`,
        ],
      },
      {
        tried: 'first: 1000000 and more by a variable',
        answer: '400 / error, The query is too costly',
        proofs: [
          `${SHAPES} > that asks for a page without end by a variable is refused alike on both ways`,
          'gateway/limits/quota.integration.test.ts > a quota > is not asked about what no allowance could hold, which is refused before it is planned',
        ],
      },
    ],
  },
  {
    row: 'S14',
    name: 'huge variables or body',
    tries: [
      {
        tried: 'a body over 256 KiB; __proto__ among the variables',
        answer: '413; 400 and no pollution',
        proofs: [
          `${HTTP} > refuses what is too large, not JSON, not UTF-8, a batch, or could be forged by a page`,
        ],
      },
      {
        tried: '50,000 errors in the variables',
        answer: '400 with four errors',
        proofs: [`${HTTP} > tells few of very many mistakes in the variables`],
      },
      {
        tried: 'fifty errors in variables of 240 KB, which each of them quotes',
        answer: 'an answer of less than 10 KB',
        proofs: [`${HTTP} > answers mistakes in large variables with much less than they are`],
      },
    ],
  },
  {
    row: 'S15',
    name: 'prototype pollution in the gateway',
    tries: [
      {
        tried: 'aliases and variables named __proto__, constructor, prototype, also nested',
        answer: 'nothing is inherited',
        proofs: [`${PROTOTYPE} > is not reached by aliases and variables of the name *`],
      },
      {
        tried: 'a subgraph that answers with them as keys and paths',
        answer: 'nothing is inherited',
        proofs: [`${PROTOTYPE} > is not reached by what a hostile subgraph answers`],
      },
    ],
  },
];
