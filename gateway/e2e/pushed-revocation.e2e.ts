import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import type { EventBus } from '#shared/events/event-bus.ts';
import { MemoryEventBus } from '#shared/events/memory-event-bus.ts';
import { RedisEventBus } from '#shared/events/redis-event-bus.ts';
import { openTcpProxy, type TcpProxy } from '#shared/events/test-tcp-proxy.ts';
import { createLogger } from '#shared/logging/logger.ts';
import type { SubgraphServer } from '#shared/subgraph/create-subgraph-server.ts';
import { seedAccount } from '../../prisma/account/seed.ts';
import { cheapPasswords } from '../../prisma/account/test-passwords.ts';
import { type SeededTrader, TraderSeeds } from '../../prisma/account/test-seed-trader.ts';
import { createTestDatabase } from '../../prisma/test-database.ts';
import { createAccountServer } from '../../subgraphs/account/server.ts';
import { SocketClient } from '../fixtures/socket-client.ts';
import type { CredentialTimes } from '../identity/credential-times.ts';
import { createGatewayServer, type GatewayServer } from '../server.ts';
import { aKeyOf } from './support/api-keys.ts';
import { makeDeskSecrets } from './support/desk-secrets.ts';
import { TraderClient } from './support/trader-client.ts';

// Gateways that ask so seldom that only what is pushed can end a stream; and others whose way to the
// bus is cut, so that only asking can. Behind them the real account subgraph; over Redis if there is one.
const LOOPBACK = { host: '127.0.0.1', port: 0 };
const NEVER: CredentialTimes = { roundMs: 3_600_000, rememberedMs: 3_600_000 };
const PASSWORD = 'open sesame';
const SIGN_IN = `mutation ($input: SignInInput!) { signIn(input: $input) {
  ... on SignedIn { accessToken refreshToken session { id } }
} }`;
const REFRESH = `mutation ($input: RefreshSessionInput!) {
  refreshSession(input: $input) { __typename }
}`;

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly session: { readonly id: string };
}

const redisUrl = inject('redisUrl') ?? null;
const prefix = `pushed-${randomUUID()}`;
const logger = createLogger({ unit: 'e2e', level: 'silent' });
const secrets = makeDeskSecrets();
const memory = new MemoryEventBus();
const passwords = cheapPasswords();
const secret = { password: PASSWORD, passwords };
const closing: (() => Promise<unknown>)[] = [];
let seeds: TraderSeeds;
let accountUrl: string;
let account: SubgraphServer;
let trader: SeededTrader;
/** Hears everything, and asks never. */
let pushed: string;
let owner: TraderClient;

beforeAll(async () => {
  const database = await createTestDatabase('account');
  await seedAccount(database.url);
  seeds = new TraderSeeds(database.url);
  trader = await seeds.add({ name: 'owner', balances: { USDT: '10' }, ...secret });
  account = await createAccountServer({
    ...{ databaseUrl: database.url, bus: openBus(), clock: systemClock, logger, passwords },
    passportKeys: secrets.accepted.account,
    accessTokenKey: secrets.accessTokenKey,
  });
  closing.push(
    database.drop,
    () => account.stop(),
    () => seeds.close(),
  );
  accountUrl = await account.listen(LOOPBACK);
  pushed = await startGateway(openBus(), NEVER);
  owner = clientOf(pushed, trader);
});
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

/** @param url of Redis, if it is not the straight way there */
function openBus(url = redisUrl): EventBus {
  if (url === null) return memory;
  const bus = new RedisEventBus({ url, prefix, onError: () => undefined });
  closing.push(() => bus.dispose());
  return bus;
}

async function startGateway(bus: EventBus, credentialTimes: Partial<CredentialTimes> = {}) {
  const absent = { url: 'http://127.0.0.1:1', passportKey: secrets.gateway.order };
  const gateway: GatewayServer = await createGatewayServer({
    subgraphs: {
      account: { url: accountUrl, passportKey: secrets.gateway.account },
      'market-data': absent,
      order: absent,
    },
    ...{ anonymousScopes: ['market:read'], allowedOrigins: [], explorer: false },
    ...{ introspection: false, bus, credentialTimes, clock: systemClock, logger },
  });
  closing.push(() => gateway.stop());
  return gateway.listen(LOOPBACK);
}

function clientOf(gateway: string, { accountId, apiKey }: SeededTrader): TraderClient {
  const client = new TraderClient(gateway, { accountId, apiKey });
  closing.push(() => client.close());
  return client;
}

const aKey = () => aKeyOf(owner);

async function signIn({ email } = trader): Promise<Tokens> {
  const input = { email, password: PASSWORD };
  return (await new TraderClient(pushed, null).request<{ signIn: Tokens }>(SIGN_IN, { input }))
    .signIn;
}

const balancesOf = ({ accountId }: SeededTrader) =>
  `subscription { balanceChanged(accountId: "${accountId}") { __typename } }`;

/** A socket with a private stream that flows. */
async function streaming(gateway: string, params: object): Promise<SocketClient> {
  const client = await SocketClient.connect(gateway, params);
  client.subscribe('1', balancesOf(trader));
  expect(await client.next()).toMatchObject({ id: '1', type: 'next' });
  return client;
}

const byKey = (gateway: string, apiKey: string) => streaming(gateway, { apiKey });
const bySignIn = (gateway: string, { accessToken }: Tokens) =>
  streaming(gateway, { authorization: `Bearer ${accessToken}` });

async function send(headers: Record<string, string>, query: string, gateway = pushed) {
  const response = await fetch(`${gateway}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  return { status: response.status, json: (await response.json()) as { errors?: unknown } };
}

const revoke = (id: string) =>
  owner.request(`mutation { revokeApiKey(input: { id: "${id}" }) { __typename } }`);
const ENDED = { code: 4403, reason: 'Credential ended' };

describe('a published revocation', () => {
  it('ends the streams and the answers of a revoked key, and no others', async () => {
    const [ending, lasting] = [await aKey(), await aKey()];
    const [ended, others] = [
      await byKey(pushed, ending.secret),
      await byKey(pushed, lasting.secret),
    ];
    const nobody = await SocketClient.connect(pushed);
    const ask = () => send({ 'x-api-key': ending.secret }, '{ viewer { id } }');
    expect((await ask()).status).toBe(200); // and is remembered for an hour
    await revoke(ending.id);
    expect(await ended.closed).toEqual(ENDED);
    await expect.poll(async () => (await ask()).status).toBe(401);
    for (const client of [others, nobody]) await client.settle();
    for (const client of [others, nobody]) await client.close();
  });

  it('ends those on the old secret of a rotated key', async () => {
    const { secret, id } = await aKey();
    const old = await byKey(pushed, secret);
    await owner.request(
      `mutation { rotateApiKey(input: { id: "${id}", overlapSeconds: 0 }) { __typename } }`,
    );
    expect(await old.closed).toMatchObject({ code: 4403 });
  });

  const mutate = async ({ accessToken }: Tokens, mutation: string) =>
    expect(
      (await send({ authorization: `Bearer ${accessToken}` }, `mutation { ${mutation} }`)).json,
    ).not.toHaveProperty('errors');
  it.each([
    ['it is signed out', ({ tokens }) => mutate(tokens, 'signOut { __typename }')],
    [
      'it is ended from elsewhere',
      ({ tokens, other }) =>
        mutate(other, `endSession(input: { id: "${tokens.session.id}" }) { __typename }`),
    ],
    [
      'its refresh token comes a second time',
      async ({ tokens: { refreshToken } }) => {
        for (let time = 0; time < 2; time += 1)
          await new TraderClient(pushed, null).request(REFRESH, { input: { refreshToken } });
      },
    ],
  ] satisfies [string, (all: { tokens: Tokens; other: Tokens }) => Promise<void>][])(
    'ends those of a sign-in when %s, and no others',
    async (_how, end) => {
      const [tokens, other] = [await signIn(), await signIn()];
      const [ending, lasting] = [await bySignIn(pushed, tokens), await bySignIn(pushed, other)];
      await end({ tokens, other });
      expect(await ending.closed).toEqual(ENDED);
      await lasting.settle();
      await lasting.close();
    },
  );

  it('ends all streams of a person who signs out everywhere, but not those of keys', async () => {
    const [tokens, other] = [await signIn(), await signIn()];
    const ending = [await bySignIn(pushed, tokens), await bySignIn(pushed, other)];
    const lasting = await byKey(pushed, trader.apiKey);
    await mutate(other, 'signOutEverywhere { endedSessions }');
    for (const client of ending) expect(await client.closed).toEqual(ENDED);
    await lasting.settle();
    await lasting.close();
  });

  it('keeps the streams of a user who gains an account, and ends them when the account is lost, but not its owner’s', async () => {
    const seeded = await seeds.add({ name: 'guest', balances: {}, ...secret });
    const signedIn = async (who: SeededTrader) => {
      const { accessToken } = await signIn(who);
      const client = new TraderClient(pushed, { ...who, accessToken });
      closing.push(() => client.close());
      return client;
    };
    const [person, guest] = [await signedIn(trader), await signedIn(seeded)];
    const { inviteToAccount } = await person.request<{ inviteToAccount: { code: string } }>(
      `mutation { inviteToAccount(input: { accountId: "${trader.accountId}", role: VIEWER }) {
        ... on InvitationMade { code }
      } }`,
    );
    const before = await SocketClient.connect(pushed, { apiKey: seeded.apiKey });
    await guest.request(
      `mutation { acceptInvitation(input: { code: "${inviteToAccount.code}" }) { __typename } }`,
    );
    const openStream = () => {
      before.subscribe(randomUUID(), balancesOf(trader));
      return before.next();
    };
    await expect.poll(openStream).toMatchObject({ type: 'next' });
    const guests = await byKey(pushed, seeded.apiKey);
    const owners = await byKey(pushed, trader.apiKey);
    await person.request(
      `mutation { removeMember(input: {
        accountId: "${trader.accountId}", userId: "${seeded.userId}"
      }) { __typename } }`,
    );
    const changed = { ...ENDED, reason: 'Permissions changed' };
    for (const client of [guests, before]) expect(await client.closed).toEqual(changed);
    await owners.settle();
    await owners.close();
  });

  it('reaches every gateway', async () => {
    const second = await startGateway(openBus(), NEVER);
    const { secret, id } = await aKey();
    const streams = [await byKey(pushed, secret), await byKey(second, secret)];
    await revoke(id);
    for (const stream of streams) expect(await stream.closed).toEqual(ENDED);
  });
});

describe('a lost revocation', () => {
  it('is found by asking, if there is no bus', async () => {
    const deaf = await startGateway(new MemoryEventBus());
    const { secret, id } = await aKey();
    const stream = await byKey(deaf, secret);
    await revoke(id);
    expect(await stream.closed).toEqual(ENDED);
  });

  describe.skipIf(redisUrl === null)('while the way to Redis is cut', () => {
    let proxy: TcpProxy;
    beforeAll(async () => {
      proxy = await openTcpProxy(Number(new URL(redisUrl ?? '').port));
    });
    afterEach(() => proxy.mend());
    afterAll(() => proxy.close());

    async function cutOff(times?: CredentialTimes) {
      const bus = openBus(`redis://127.0.0.1:${proxy.port}`);
      await expect.poll(() => bus.isConnected()).toBe(true);
      const gateway = await startGateway(bus, times);
      const { secret, id } = await aKey();
      const stream = await byKey(gateway, secret);
      proxy.cut();
      await expect.poll(() => bus.isConnected()).toBe(false);
      await revoke(id);
      return stream;
    }

    it('is found by asking', async () => {
      const stream = await cutOff();
      expect(await stream.closed).toEqual(ENDED);
    });

    it('is found when Redis is back, even by a gateway that never asks', async () => {
      const stream = await cutOff(NEVER);
      await stream.settle();
      proxy.mend();
      expect(await stream.closed).toEqual(ENDED);
    });
  });
});
