import type { Attack } from './attack.ts';

const SOCKETS = 'gateway/subscriptions/sockets.integration.test.ts';
const PROTOCOL = 'gateway/subscriptions/protocol.integration.test.ts > graphql-transport-ws';
const WATCH =
  'gateway/identity/credential-watch.integration.test.ts > the credential of an open socket';

const NEWS = 'gateway/identity/credential-news.integration.test.ts > news of a credential';

/** S23–S28: sockets. */
export const SOCKET_ATTACKS: readonly Attack[] = [
  {
    row: 'S23',
    name: 'a socket opened by another page',
    tries: [
      {
        tried: 'an unknown origin, one that ends like ours, null',
        answer: '403 before the upgrade',
        proofs: [
          `${SOCKETS} > the upgrade > is refused to pages of other origins, and elsewhere than on the path`,
        ],
      },
    ],
  },
  {
    row: 'S24',
    name: 'abuse of the handshake',
    tries: [
      {
        tried: 'silence; two connection_init; subscribe first; another subprotocol',
        answer: '4408; 4429; 4401; refused',
        proofs: [
          `${PROTOCOL} > closes 4408 when nothing comes`,
          `${PROTOCOL} > closes 4429 on a second connection_init`,
          `${PROTOCOL} > closes 4401 on subscribe before the ack`,
          `${PROTOCOL} > refuses another subprotocol`,
        ],
      },
      {
        tried: 'a check of the credential that never ends',
        answer: 'closed 1013 after two seconds',
        proofs: [
          `${SOCKETS} > connection_init > closes 1013 when the check of the credential does not end, and asks for no more`,
        ],
      },
    ],
  },
  {
    row: 'S25',
    name: 'flood of subscriptions',
    tries: [
      {
        tried:
          '51 operations on a socket; 11 sockets of one user; 200 messages, pings or pongs at once',
        answer: 'an error for the 51st; 429; 4429',
        proofs: [
          `${SOCKETS} > a socket > holds fifty operations and refuses the next alone`,
          `${SOCKETS} > the upgrade > is refused to a viewer who has too many sockets already`,
          `${SOCKETS} > a socket > closes 4429 on a flood of messages, pings or unasked pongs, and 1009 on a message that is too large`,
        ],
      },
    ],
  },
  {
    row: 'S26',
    name: 'big or shredded frames',
    tries: [
      {
        tried: 'a message of 70 kB',
        answer: '1009',
        proofs: [
          `${SOCKETS} > a socket > closes 4429 on a flood of messages, pings or unasked pongs, and 1009 on a message that is too large`,
        ],
      },
      {
        tried: 'endless fragments of no byte, and of one byte',
        answer: '1008, as the library does it',
        proofs: [`${SOCKETS} > a socket > closes 1008 on a message of very many fragments *`],
      },
    ],
  },
  {
    row: 'S27',
    name: 'a credential that ends on an open socket',
    tries: [
      {
        tried: 'its expiry, also an earlier one that is set later',
        answer: '4403, and no event after that',
        proofs: [
          `${SOCKETS} > a socket > closes 4403 when its credential ends, and delivers nothing after`,
          `${WATCH} > may be given an earlier end, which the socket keeps`,
        ],
      },
      {
        tried: 'revoking it, rotating it, and changing its rights',
        answer: '4403 within a second, others continue',
        proofs: [
          `${WATCH} > ends the sockets that live on it within a second, and no others`,
          `${WATCH} > ends the socket when its *`,
          'gateway/e2e/api-keys.e2e.ts > a rotated key > ends the streams on its old secret within a second, and none on the new one',
        ],
      },
      {
        tried:
          'all of that at a gateway that never asks, with only the revocations that the account subgraph publishes',
        answer: '4403 at once, on every gateway, and 401 to requests; others continue',
        proofs: [
          'gateway/e2e/pushed-revocation.e2e.ts > a published revocation > *',
          `${NEWS} > is asked about, and nothing else is`,
          `${NEWS} > lets requests be answered by what is so now`,
        ],
      },
      {
        tried: 'losing revocations; publishing false ones, and very many of them',
        answer: '4403 by polling; nothing is ended or opened, and one check runs at a time',
        proofs: [
          'gateway/e2e/pushed-revocation.e2e.ts > a lost revocation > *',
          `${NEWS} > that is not true ends nothing, and changes no right`,
          `${NEWS} > comes in floods, and is asked about one at a time`,
        ],
      },
      {
        tried: 'a key that is revoked or expires, a role that is lost, on the real desk',
        answer: '4403, others continue',
        proofs: ['gateway/e2e/sessions.e2e.ts > the streams of a key > *'],
      },
      {
        tried: 'signing out, on the same socket and elsewhere; using a refresh token twice',
        answer: '4403 within a second, others continue',
        proofs: ['gateway/e2e/sessions.e2e.ts > the streams of a sign-in > *'],
      },
    ],
  },
  {
    row: 'S28',
    name: "somebody else's stream",
    tries: [
      {
        tried: 'orderEvents of another account',
        answer: 'NOT_FOUND, as for a nonexistent account; no event',
        proofs: [
          'subgraphs/order/order-events.integration.test.ts > orderEvents > is refused for someone else’s account, for a foreign cursor and without the scope',
          "gateway/e2e/market-streams.e2e.ts > market data streams > keep one client's orders from another",
        ],
      },
      {
        tried: 'any private stream, whatever the name and selection of the operation',
        answer: 'no event reaches another user',
        proofs: [
          'gateway/subscriptions/privacy.integration.test.ts > a private event > never reaches another principal, whatever the operation is called and asks',
        ],
      },
    ],
  },
];
