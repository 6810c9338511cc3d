import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isNone, telltale } from '#shared/identity/test-telltale.ts';
import { composedQueryGraph } from '../fixtures/composed-schema.ts';
import { SocketClient } from '../fixtures/socket-client.ts';
import { expectBalances } from './support/balances.ts';
import { comparedRequestOf } from './support/compared-request.ts';
import type { Desk } from './support/harness.ts';
import { ABSENT, type Kind, kindOf } from './support/id-kinds.ts';
import { untilConnectionsAreKnown } from './support/known-connections.ts';
import {
  type ChooseValue,
  type IdArgument,
  idArgumentsOf,
  nestedIdCoordinates,
  operationFor,
  textArgumentsOf,
} from './support/id-arguments.ts';
import { PLACE_ORDER, type PlaceOrderAnswer } from './support/operations.ts';
import { limitOrder } from './support/order-inputs.ts';
import { shareDesk } from './support/shared-desk.ts';
import { savedAddressOf } from './support/saved-address.ts';
import { signedIn } from './support/sign-in.ts';
import { TraderClient } from './support/trader-client.ts';

// Every place in the schema that takes an id is tried with the id of something that belongs to
// somebody else, and with a nonexistent one. The answers must be the same to the last letter, so that
// nobody learns what exists, and nothing of the other user's may change. The places are found in the
// schema: a new one must be classified here by what its id names.
const PASSWORD = 'open sesame';
const BY_SIGN_IN: ReadonlySet<string> = new Set([
  'inviteToAccount',
  'withdrawInvitations',
  'removeWithdrawalAddress',
  'removeMember',
]);
const BALANCES = { USDT: '100000', BTC: '1' };
const schema = composedQueryGraph().apiSchema;
/** Where an id of somebody else can be sent. */
const PLACES = idArgumentsOf(schema).flatMap((target) => {
  const kind = kindOf(target.coordinate);
  if (kind === undefined || kind === 'public') return [];
  return [
    { where: `${target.operation} ${target.rootField} ${target.path.join('.')}`, target, kind },
  ];
});

let desk: Desk;
let victim: TraderClient;
let guard: SocketClient | undefined;
let signedInAttacker: TraderClient | undefined;
let stateBefore: unknown;
let victims: Readonly<Record<Exclude<Kind, 'public'>, string>>;

beforeAll(async () => {
  desk = await shareDesk('still');
  victim = await desk.aTrader(BALANCES, { password: PASSWORD });
  victims = await whatTheyHave();
  await untilConnectionsAreKnown(victim);
  stateBefore = await stateOfVictim();
});
afterAll(async () => {
  await guard?.close();
  await desk.stop();
});

/** Gives the victim one of everything that has an id. */
async function whatTheyHave() {
  const { accountId } = victim;
  const { placeOrder } = await victim.request<PlaceOrderAnswer>(
    PLACE_ORDER,
    limitOrder({
      ...{ accountId, clientOrderId: 'theirs-1', side: 'BUY' },
      ...{ quantity: '0.01', limitPrice: '50000' },
    }),
  );
  await victim.request(
    `mutation ($input: AmendOrderInput!) { amendOrder(input: $input) { __typename } }`,
    {
      input: {
        ...{ accountId, order: { id: placeOrder.order.id }, amendId: 'amend-1' },
        changes: { limitPrice: '49000' },
      },
    },
  );
  await victim.request(
    `mutation ($input: OpenAccountInput!) { openAccount(input: $input) { __typename } }`,
    { input: { clientAccountId: 'account-1', name: 'theirs' } },
  );
  await victim.request(
    `mutation ($input: DepositInput!) { deposit(input: $input) { __typename } }`,
    { input: { transferId: 'transfer-1', accountId, asset: 'USDT', amount: '1' } },
  );
  // The outbox returns what the amended order no longer needs, after the answer.
  await expectBalances(victim, { USDT: '100001/490.49/99510.51', BTC: '1/0/1' });
  const { signIn } = await desk.anonymous().request<{ signIn: { session: { id: string } } }>(
    `mutation ($input: SignInInput!) {
      signIn(input: $input) { ... on SignedIn { session { id } } }
    }`,
    { input: { email: victim.email, password: PASSWORD } },
  );
  const { rfq, comparisonToken } = await comparedRequestOf(victim);
  const { viewer } = await victim.request<{ viewer: { id: string } }>('{ viewer { id } }');
  return {
    account: accountId,
    clientAccountId: 'account-1',
    user: viewer.id,
    order: placeOrder.order.id,
    clientOrderId: 'theirs-1',
    amend: 'amend-1',
    transfer: 'transfer-1',
    rfq: rfq.id,
    clientRfqId: 'theirs-1',
    quote: rfq.quotes[0]?.id ?? 'quote-1',
    comparison: comparisonToken,
    apiKey: victim.apiKey?.split('_')[1] ?? '',
    session: signIn.session.id,
    connection: await guardingConnection(),
    withdrawalAddress: await savedAddressOf(await signedIn(desk, victim, PASSWORD)),
  };
}

/** A socket of the victim's that guards orders. */
async function guardingConnection(): Promise<string> {
  guard = await SocketClient.open(desk.gateway);
  const payload = { apiKey: victim.apiKey, cancelOnDisconnect: true };
  guard.send({ type: 'connection_init', payload });
  const ack = (await guard.next()) as { readonly payload?: { readonly connectionId: string } };
  return ack.payload?.connectionId ?? '';
}

/** Everything of the victim that somebody could change. */
function stateOfVictim(): Promise<unknown> {
  return victim.request(`{ viewer {
    apiKeys { id name ipAllowList revokedAt previousSecretUntil }
    withdrawalAddresses { id label usableFrom }
    sessions { id endedAt expiresAt }
    accounts {
      id name tradingState members { userId role } balances { asset { code } total locked }
      ledgerEntries(first: 50) { edges { node { change } } }
      orders(first: 50) { edges { node { id status quantity limitPrice } } }
    }
  } }`);
}

/** Sound values that reach as deep as they can: what is another's is the victim's, where it can be. */
function choiceFor(attacker: TraderClient): ChooseValue {
  const sound: Readonly<Record<string, unknown>> = {
    ...{ symbol: 'BTC-USDT', asset: 'USDT', side: 'BUY', scopes: 'ACCOUNT_READ' },
    ...{ quantity: '0.01', price: '64000', limitPrice: '50000', amount: '1' },
    ...{ name: 'bot', timeoutMs: 60_000 },
    ...{ tradingState: 'ACTIVE', clientOrderId: 'mine-1', changes: { limitPrice: '48000' } },
  };
  return (coordinate, name) => {
    const kind = kindOf(coordinate);
    if (name in sound && !coordinate.startsWith('Query.')) return sound[name];
    if (kind === 'account') return attacker.accountId;
    if (kind === 'connection') return undefined;
    if (kind !== undefined && kind !== 'public') return victims[kind];
    return undefined;
  };
}

/** A trader who has nothing yet; one for all that nobody may ask by a key, since a sign-in takes long. */
async function anAttacker(rootField: string): Promise<TraderClient> {
  if (!BY_SIGN_IN.has(rootField)) return desk.aTrader(BALANCES);
  return (signedInAttacker ??= await signedIn(
    desk,
    await desk.aTrader(BALANCES, { password: PASSWORD }),
    PASSWORD,
  ));
}

/** What a trader is answered who sends a value to a place. */
async function answerOf(sender: TraderClient, target: IdArgument, value: string): Promise<string> {
  const { query, variables } = operationFor(schema, target, { value, choose: choiceFor(sender) });
  const answer =
    target.operation === 'subscription'
      ? await sender
          .subscribe(query, variables)
          .next()
          .catch((cause: unknown) => ({ refused: String(cause) }))
      : await sender.send(query, variables);
  return JSON.stringify(answer);
}

/** The answer of a trader who has nothing yet, with all that is theirs or random made alike. */
async function answerTo(target: IdArgument, value: string): Promise<string> {
  const attacker = await anAttacker(target.rootField);
  const text = await answerOf(attacker, target, value);
  // An invalid operation is refused before the id is looked at.
  expect(text).not.toMatch(
    /GRAPHQL_|BAD_USER_INPUT|INTERNAL_SERVER_ERROR|UNAUTHENTICATED|FORBIDDEN/,
  );
  return text
    .replaceAll(value, '<id>')
    .replaceAll(attacker.accountId, '<mine>')
    .replaceAll(attacker.apiKey?.split('_')[1] ?? '', '<mine>')
    .replace(/dg_<mine>_\w+/g, '<secret>')
    .replace(/dgi?_\w+/g, '<secret>')
    .replace(/"(?=[0-9a-z]*[a-z])(?=[a-z]*[0-9])[0-9a-z]{16}"/g, '"<random>"')
    .replace(/acc-[0-9a-z]{22}/g, '<random>')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<random>')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>');
}

describe('an id of somebody else', () => {
  it('can be sent only at places that are classified by what their ids name', () => {
    const places = idArgumentsOf(schema);
    expect(PLACES.length).toBeGreaterThan(30);
    expect(places.filter(({ coordinate }) => kindOf(coordinate) === undefined)).toEqual([]);
    // Below the root fields only ids of the market are taken, and inputs that root fields take too: any other kind
    // must be tried like those here.
    const tried = new Set(places.map(({ coordinate }) => coordinate));
    const nested = nestedIdCoordinates(schema).filter((coordinate) => !tried.has(coordinate));
    expect(nested.filter((coordinate) => kindOf(coordinate) !== 'public')).toEqual([]);
  });

  // One by one: each place needs clients who have nothing yet, and there are more and more places.
  it.each(PLACES)('is answered like a nonexistent one at $where', async ({ target, kind }) => {
    const foreign = await answerTo(target, victims[kind]);
    expect(foreign).toBe(await answerTo(target, ABSENT[kind]));
  });

  it('has changed nothing anywhere', async () => {
    expect(await stateOfVictim()).toEqual(stateBefore);
  });
});

describe('the time of an answer', () => {
  const SAMPLE = [
    'Query.account(id:)',
    'Query.order(id:)',
    'Query.rfq(id:)',
    'OrderReferenceInput.id',
    'RevokeApiKeyInput.id',
    'EndSessionInput.id',
  ];

  it.each(SAMPLE)('does not show at %s whether the id exists', async (coordinate) => {
    const attacker = await desk.aTrader(BALANCES);
    const kind = kindOf(coordinate);
    const target = idArgumentsOf(schema).find((place) => place.coordinate === coordinate);
    if (target === undefined || kind === undefined || kind === 'public')
      throw new Error(`There is no ${coordinate}.`);
    const asking = (value: string) => {
      const { query, variables } = operationFor(schema, target, {
        ...{ value, choose: choiceFor(attacker) },
      });
      return () => attacker.send(query, variables);
    };
    const [foreign, absent] = [asking(victims[kind]), asking(ABSENT[kind])];
    for (const ask of [foreign, absent]) await ask(); // plans are remembered from the first on
    const limits = { pairs: 60, expected: isNone };
    expect(await telltale(foreign, absent, limits)).toSatisfy(isNone);
  });
});

describe('a hostile text', () => {
  let attacker: TraderClient;
  const places = textArgumentsOf(schema);
  beforeAll(async () => {
    attacker = await desk.aTrader(BALANCES);
  });

  /** Sends it to every place that takes one. @returns where that was taken for a failure of ours */
  async function failedPlaces(value: string): Promise<readonly string[]> {
    const failed: string[] = [];
    for (const target of places)
      if (/INTERNAL_SERVER_ERROR|UNAVAILABLE/.test(await answerOf(attacker, target, value)))
        failed.push(`${target.rootField} ${target.path.join('.')}`);
    return failed;
  }

  it('of SQL is nothing but text at every place that takes one, and is stored unchanged', async () => {
    const value = `'; DROP TABLE users CASCADE; --`;
    const before = await stateOfVictim();
    expect(places.length).toBeGreaterThan(idArgumentsOf(schema).length);
    expect(await failedPlaces(value)).toEqual([]);
    expect(await stateOfVictim()).toEqual(before);
    const { viewer } = await attacker.request<{ viewer: { apiKeys: { name: string }[] } }>(
      '{ viewer { apiKeys { name } } }',
    );
    expect(viewer.apiKeys.map(({ name }) => name)).toContain(value);
  }, 120_000);

  it.each(['a\0', 'a\ud800'])(
    'that no store can hold, such as %j, is refused everywhere',
    async (value) => {
      expect(await failedPlaces(value)).toEqual([]);
      const client = await SocketClient.open(desk.gateway);
      client.send({ type: 'connection_init', payload: { apiKey: value } });
      expect(await client.closed).toMatchObject({ code: 4403 });
    },
    120_000,
  );
});
