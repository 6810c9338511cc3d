import type { Attack } from './attack.ts';

const PASSPORT = 'subgraphs/shared/identity/passport.test.ts > a passport';
const TOKEN = 'subgraphs/account/identity/sessions/jwt-access-tokens.test.ts > access token';
const KEYS = 'gateway/e2e/api-keys.e2e.ts > a key that is refused';
const KEY_UPDATES = 'subgraphs/account/api-key-updates.integration.test.ts';
const SIGNED = 'gateway/e2e/api-keys.e2e.ts > a key that demands signatures';
const FOREIGN = 'gateway/e2e/foreign-ids.e2e.ts > an id of somebody else';
const SHAPES = 'gateway/limits/query-shapes.integration.test.ts > a document';
const SERVER = 'gateway/server.integration.test.ts';
const SOURCE = 'gateway/supergraph/subgraph-data-source.integration.test.ts';

/** S29–S35 and S44: who somebody is, and the network behind the gateway. */
export const IDENTITY_ATTACKS: readonly Attack[] = [
  {
    row: 'S29',
    name: 'a subgraph reached directly',
    tries: [
      {
        tried: '_service, _entities and a query, with a forged x-user-id',
        answer: '401',
        proofs: ['gateway/e2e/refusals.e2e.ts > a subgraph > named *'],
      },
      {
        tried: 'entities of another account by their keys, with a passport',
        answer: 'null',
        proofs: [
          "subgraphs/account/server.integration.test.ts > account server > answers null for someone else's account and for none, by query and by reference",
          'subgraphs/order/reads.integration.test.ts > reading > what belongs to someone else > is not told as an entity either',
        ],
      },
      {
        tried: '_service and _entities at the gateway',
        answer: 'GRAPHQL_VALIDATION_FAILED',
        proofs: [
          `${SHAPES} > that asks for a subgraph's schema is refused alike on both ways`,
          `${SHAPES} > that asks for entities by their keys is refused alike on both ways`,
        ],
      },
    ],
  },
  {
    row: 'S30',
    name: 'identity headers through the gateway',
    tries: [
      {
        tried: 'a forged passport, x-user-id, x-internal-auth, x-request-id, cookies',
        answer: 'none reaches a subgraph',
        proofs: [
          'gateway/identity/inner-headers.integration.test.ts > no header of a client reaches a subgraph, whatever it is called',
        ],
      },
    ],
  },
  {
    row: 'S31',
    name: 'replay of a passport',
    tries: [
      {
        tried:
          'a second time; at a restarted process; too late; from a clock ahead; at another subgraph; with another body',
        answer: 'refused',
        proofs: [
          `${PASSPORT} > is believed once*`,
          `${PASSPORT} > is not believed by a process that was started after*`,
          `${PASSPORT} > a second later is *`,
          `${PASSPORT} > from a clock further ahead is *`,
          `${PASSPORT} > for one subgraph is refused by another`,
          `${PASSPORT} > is refused for other bytes than it was signed for`,
        ],
      },
    ],
  },
  {
    row: 'S44',
    name: 'a slow subgraph blocks the gateway',
    tries: [
      {
        tried: 'a query, a part of which is never answered',
        answer: 'UNAVAILABLE for that part in time, and the rest of the data',
        proofs: [
          `${SERVER} > a query > answers what it can, within its time, when a part does not answer`,
        ],
      },
      {
        tried: 'a connection that breaks, an answer that is lost',
        answer: 'UNAVAILABLE, for a mutation with outcome UNKNOWN',
        proofs: [`${SOURCE} > a subgraph whose connections break > *`],
      },
      {
        tried: 'a mutation while nobody listens',
        answer: 'UNAVAILABLE with outcome NOT_APPLIED',
        proofs: [
          `${SERVER} > a mutation > that finds nobody is told as not applied, since nothing of it was sent`,
        ],
      },
      {
        tried: 'a mutation that is never answered',
        answer: 'UNAVAILABLE with outcome UNKNOWN after 5 s',
        proofs: [
          `${SERVER} > a mutation > that is never answered is given up within its time, longer than a query gets`,
        ],
      },
      {
        tried: 'more calls than a subgraph can have at once',
        answer: 'at most 64 in flight; the others wait, within their own time',
        proofs: [
          `${SOURCE} > a subgraph that holds what it is asked > has at most 64 calls in hand at a time, and the others wait within their own time`,
        ],
      },
    ],
  },
  {
    row: 'S32',
    name: 'ids of somebody else',
    tries: [
      {
        tried: 'the time of an answer about an account, order, request, key and sign-in',
        answer: 'shows nothing: guesses are no better than chance',
        proofs: ['gateway/e2e/foreign-ids.e2e.ts > the time of an answer > does not show at *'],
      },
      {
        tried: 'every place in the schema that takes an id',
        answer: 'as for a nonexistent one; nothing changes',
        proofs: [
          `${FOREIGN} > can be sent only at places that are classified by what their ids name`,
          `${FOREIGN} > is answered like a nonexistent one at *`,
          `${FOREIGN} > has changed nothing anywhere`,
        ],
      },
    ],
  },
  {
    row: 'S33',
    name: 'forged access tokens',
    tries: [
      {
        tried: 'alg none; another key; HS256 with our public key; crit; missing or wrong claims',
        answer: 'refused',
        proofs: [`${TOKEN} > is nothing *`],
      },
      {
        tried: 'a token of a megabyte',
        answer: 'malformed; it is not even parsed',
        proofs: [
          'gateway/identity/credential.test.ts > a credential > longer than any of ours is malformed, before anything looks into it',
        ],
      },
    ],
  },
  {
    row: 'S34',
    name: 'API keys',
    tries: [
      {
        tried: 'looking for keys in logs, rows, metrics and traces',
        answer: 'none found',
        proofs: [
          'gateway/e2e/secrets.e2e.ts > secrets > are in no log line, in no row, in no metric and in no trace',
        ],
      },
      {
        tried: 'another address; a missing scope; after revocation; after the overlap',
        answer: 'IP_NOT_ALLOWED; SCOPE_MISSING; KEY_REVOKED; KEY_EXPIRED',
        proofs: [
          `${KEYS} > from this address is FORBIDDEN, with IP_NOT_ALLOWED`,
          `${KEYS} > for a missing scope learns which one`,
          `${KEYS} > for good is UNAUTHENTICATED, with *`,
          'subgraphs/account/api-key-rotation.integration.test.ts > rotation > ends the old secret with the overlap, and an older one with the next rotation',
        ],
      },
      {
        tried: 'a wrong secret for a key that exists, has expired, or does not exist',
        answer: 'the same answer',
        proofs: [
          `${KEYS} > for a wrong secret reveals nothing, whether the key exists, has ended, or not`,
        ],
      },
      {
        tried: 'giving out more addresses than a key has, or than it has had since a moment ago',
        answer: 'IP_ALLOW_LIST_EXCEEDED; UNAUTHENTICATED; nothing changes',
        proofs: [
          `${KEY_UPDATES} > a key that changes keys > *`,
          `${KEY_UPDATES} > a key whose addresses change while it makes something > *`,
        ],
      },
      {
        tried:
          'getting around the accounts that a key is bound to, by opening or naming another one',
        answer: 'KEY_LIMITED_TO_ACCOUNTS; AccountNotFound',
        proofs: [
          'subgraphs/account/own-accounts.integration.test.ts > an API key > opens an account that it can then access, and none if it is restricted to accounts',
          'gateway/e2e/own-accounts.e2e.ts > an account that a trader opens > is visible at once to a key that is not bound to accounts, with its orders, but not to one that is',
        ],
      },
      {
        tried: 'the time of the answer to an unknown key and to a wrong secret',
        answer: 'shows nothing: guesses are no better than chance',
        proofs: [
          'subgraphs/account/api-keys.integration.test.ts > the time of a refusal > is the same for a key that is not there and for a wrong secret',
        ],
      },
    ],
  },
  {
    row: 'S35',
    name: 'replay of a signed request',
    tries: [
      {
        tried: 'a nonce twice, in sequence and fifty times at once; headers in another order',
        answer: 'one is answered, the others NONCE_USED',
        proofs: [
          `${SIGNED} > is answered once for each nonce, in any order of the headers`,
          `${SIGNED} > is answered once when one signature arrives fifty times at once`,
        ],
      },
      {
        tried: 'a time 6 s ago, past the window, 3 s ahead',
        answer: "TIMESTAMP_TOO_OLD, TIMESTAMP_AHEAD, with the server's time and the skew",
        proofs: [`${SIGNED} > is refused with TIMESTAMP_*`],
      },
      {
        tried: 'a body, or the order it asks for, that arrives after the window',
        answer: 'TIMESTAMP_TOO_OLD; NOT_APPLIED, and nothing begins',
        proofs: [
          `${SIGNED} > is refused with TIMESTAMP_TOO_OLD when its body arrives too late`,
          'gateway/identity/authenticate.integration.test.ts > a change that was signed > is not begun when it has grown old, answered *',
          `${SOURCE} > what was signed > *`,
        ],
      },
      {
        tried: 'another body, path, method, time, window or nonce than was signed; no signature',
        answer: 'SIGNATURE_INVALID; SIGNATURE_NEEDED',
        proofs: [
          `${SIGNED} > is refused with SIGNATURE_INVALID for *`,
          `${SIGNED} > is worth nothing without a signature, on each way in`,
        ],
      },
      {
        tried: 'all of that in connection_init',
        answer: '4403 with the reason',
        proofs: [`${SIGNED} > opens a socket once, by the signature in connection_init`],
      },
    ],
  },
];
