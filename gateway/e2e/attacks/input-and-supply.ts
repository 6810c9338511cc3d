import type { Attack } from './attack.ts';

const QUOTA = 'gateway/limits/quota.integration.test.ts';
const GCRA = 'gateway/limits/gcra.test.ts';
const HASHER = 'subgraphs/account/identity/passwords/scrypt-password-hasher.test.ts > password';
const BAD_ORDER = 'gateway/e2e/refusals.e2e.ts > a bad order';
const LOCK = 'tools/supply-chain/package-lock.test.ts';

/** S36–S41 and S43: rates, input, and the packages we are built from. */
export const INPUT_AND_SUPPLY: readonly Attack[] = [
  {
    row: 'S36',
    name: 'the edge of a rate limit',
    tries: [
      {
        tried: 'bursts at every moment',
        answer: 'never more than the limit and what was replenished meanwhile',
        proofs: [`${GCRA} > admits in no time more than the limit and what came back meanwhile`],
      },
      {
        tried: 'many fields and pages in one request, and a page in each answer of a batch',
        answer: 'counted by their cost',
        proofs: ['gateway/limits/operation-cost.test.ts > the cost of an operation > *'],
      },
      {
        tried:
          'the fills of one order a hundred times, by a batch of cancels, which is never refused',
        answer: 'counted as what old orders can bring, so that it takes turns and can be refused',
        proofs: [
          'gateway/limits/operation-cost.test.ts > the cost of an operation > counts what old orders can bring, of which a batch can name one a hundred times',
        ],
      },
      {
        tried: 'all of a quota in one moment, by queries and by commands with large answers',
        answer: 'read in turns; nobody else waits',
        proofs: [
          'gateway/supergraph/read-turns.test.ts > costly reads > *',
          'gateway/supergraph/costly-steps.integration.test.ts > what costs much > *',
          'gateway/supergraph/subgraph-data-source.integration.test.ts > a subgraph that holds what it is asked > is * for one principal in turns if the answers are large',
        ],
      },
      {
        tried: 'floods of invalid requests without a credential, on every transport',
        answer:
          '429 before anything is read, or no connection; no effect on other clients, nor on those that show a credential',
        proofs: [
          'gateway/limits/offenders.integration.test.ts > an address that sends too many invalid requests > *',
          'gateway/limits/offenders.integration.test.ts > connections from an address that sent too many invalid requests > *',
          'gateway/limits/offenses.test.ts > offenses > *',
        ],
      },
      {
        tried:
          'exceeding the quota over HTTP, by a query and a stream of a socket, and without a credential',
        answer: '429 with Retry-After, RATE_LIMITED; others continue',
        proofs: [
          `${QUOTA} > a quota > refuses what is past it on every transport, for one user and not for others`,
        ],
      },
      {
        tried:
          'texts that cost next to nothing and are new each time, invalid ones and streams among them',
        answer: 'RATE_LIMITED after five seconds of a processor; of a stranger soon 429, unread',
        proofs: [
          'gateway/limits/new-documents.test.ts > are not read for whom too much was, in the very turn; what is known runs on',
          'gateway/limits/new-documents.test.ts > are read in the time of who sends them, valid or not, and known ones take none',
          'gateway/limits/new-documents.test.ts > are read in any state if they take risk away and are short: a cancel that takes long to read',
          'gateway/http/request-context.test.ts > a new document beyond its time is refused before it is read, of a user',
          'gateway/supergraph/execution/create-executor.test.ts > plans what is new in the time of its user, and knows what it has planned',
          'gateway/subscriptions/prepare-subscription.test.ts > what is new is planned in the time of whoever asks for it',
          'gateway/subscriptions/graphql-protocol.test.ts > an operation > whose text is new is read in a turn of the event loop of its own, if its client has time left',
          'gateway/limits/note-offenses.test.ts > bars the address of whoever sends too much of it only if it is an offense: what is new beyond its time',
        ],
      },
    ],
  },
  {
    row: 'S37',
    name: 'Redis is lost',
    tries: [
      {
        tried: 'cutting and stalling its connection',
        answer: 'orders 503 in under 300 ms, reads by a local limit',
        proofs: [
          `${QUOTA} > a quota in Redis > is counted here for reads, and closed for commands, soon after the connection was lost: *`,
        ],
      },
    ],
  },
  {
    row: 'S38',
    name: 'denial of service by password hashes',
    tries: [
      {
        tried: '15 at once',
        answer: 'two are hashed, eight wait, five are refused as busy',
        proofs: [`${HASHER} > is turned away as busy beyond two at work and eight waiting`],
      },
      {
        tried: 'sixteen users who sign in at once',
        answer: 'SignInRefused with TOO_MANY_ATTEMPTS for those beyond the limit',
        proofs: [
          'subgraphs/account/crowded-sign-in.integration.test.ts > signing in > by sixteen people at once is told to those who find no place that they are too many',
        ],
      },
    ],
  },
  {
    row: 'S39',
    name: 'injection of operators or SQL',
    tries: [
      {
        tried: 'an object instead of a text',
        answer: 'malformed, BAD_USER_INPUT',
        proofs: [
          'gateway/identity/credential.test.ts > a credential > in connection_init {"apiKey":{"toString":"x"}} is {"kind":"malformed"}',
          'gateway/limits/validation-rules.integration.test.ts > the limits > answer wrong variables of a subscription as bad input',
        ],
      },
      {
        tried: 'searching our code for SQL that is put together from texts',
        answer: 'none',
        proofs: [
          'tools/style/tidy.test.ts > SQL > is never put together from texts where the database client takes values',
        ],
      },
      {
        tried: "'; DROP TABLE at every place in the schema that takes a text or an id",
        answer: 'stored as text, or refused; every table still exists',
        proofs: [
          'gateway/e2e/foreign-ids.e2e.ts > a hostile text > of SQL is nothing but text at every place that takes one, and is stored unchanged',
        ],
      },
    ],
  },
  {
    row: 'S40',
    name: 'secrets in logs',
    tries: [
      {
        tried: 'using every secret, correctly and incorrectly, and while the store fails',
        answer: 'in no log line, row, metric or trace',
        proofs: [
          'gateway/e2e/secrets.e2e.ts > secrets > are in no log line, in no row, in no metric and in no trace',
        ],
      },
    ],
  },
  {
    row: 'S41',
    name: 'numbers',
    tries: [
      {
        tried: '1e400, NaN, -0, 0x10, full width, nine decimals',
        answer: 'BAD_USER_INPUT',
        proofs: [`${BAD_ORDER} > with the malformed decimal *`],
      },
      {
        tried: 'ten thousand digits; a number instead of a text',
        answer: 'BAD_USER_INPUT',
        proofs: [
          `${BAD_ORDER} > with ten thousand digits, or with a number where a text must be, is refused as well`,
        ],
      },
      {
        tried: 'numbers that a double cannot hold',
        answer: 'exact to the last digit',
        proofs: [
          'subgraphs/shared/domain/decimal.test.ts > reading and writing a decimal > gives back every number, to the last digit',
          'subgraphs/shared/domain/money.test.ts > notional > is exact to the last digit where a double is not',
        ],
      },
    ],
  },
  {
    row: 'S43',
    name: 'supply chain',
    tries: [
      {
        tried: 'the lockfile: install scripts, hashes, minimum versions, second copies',
        answer: 'only known scripts, a hash for each, no version below its minimum, one copy each',
        proofs: [
          `${LOCK} > every installed copy > *`,
          `${LOCK} > what keeps its own state or classes > *`,
          `${LOCK} > the comparison of versions > *`,
        ],
      },
      {
        tried: 'versions that are younger than seven days, or whose age is unknown',
        answer: 'refused by the check before a lockfile is committed, unless named with a reason',
        proofs: [
          'tools/supply-chain/package-ages.test.ts > a version > *',
          'tools/supply-chain/package-ages.test.ts > what a lockfile has and another had not > *',
        ],
      },
    ],
  },
];
