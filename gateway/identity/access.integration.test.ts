import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OperationDefinitionNode, parse } from 'graphql';
import { parseSessionId, parseUserId, trusted } from '#shared/domain/ids.ts';
import { SCOPES, type Trader } from '#shared/identity/viewer.ts';
import { composedQueryGraph } from '../fixtures/composed-schema.ts';
import { type DeskFixture, startDeskFixture } from '../fixtures/desk-fixture.ts';
import { operationReaching } from '../fixtures/operation-reaching.ts';
import { SocketClient } from '../fixtures/socket-client.ts';
import { refusalOfAccess } from './authorize-operation.ts';

// Every field with a rule in the supergraph is asked for by those who may and those who may not. The
// subgraphs of these tests allow everything: what is refused here the gateway has refused.
const { apiSchema, accessRules } = composedQueryGraph();
const scopesOf = (coordinate: string) => accessRules.get(coordinate)?.scopes?.flat() ?? [];
const cases = [...accessRules.keys()].map((coordinate) => {
  const needed = scopesOf(coordinate);
  const isGuarded = (other: string) => scopesOf(other).some((scope) => needed.includes(scope));
  const reaching = operationReaching(apiSchema, coordinate, isGuarded);
  // Some are behind a field that needs the same, which refuses first.
  const refusing = reaching.coordinates.find(isGuarded);
  return { coordinate, needed, refusing, ...reaching };
});

const A_TRADER: Omit<Trader, 'scopes'> = {
  kind: 'trader',
  userId: trusted(parseUserId, 'anna'),
  credential: { kind: 'session', sessionId: trusted(parseSessionId, 'ses-1') },
  accounts: [],
  expiresAt: null,
};

let desk: DeskFixture;
beforeAll(async () => {
  desk = await startDeskFixture({ anonymousScopes: [] });
});
afterAll(() => desk.stop());

let traders = 0;

/** The header of a trader with these scopes. */
function withScopes(scopes: readonly string[]) {
  const userId = `trader${(traders += 1)}`;
  desk.world.addTrader(userId, { userId, accounts: ['x'], scopes: [...scopes] });
  return { 'x-api-key': userId };
}

/** What the gateway itself refused of an operation over a socket, and over HTTP where it may go. */
async function refusalsOf(text: string, headers: Record<string, string>) {
  const client = await SocketClient.connect(desk.origin, undefined, { headers });
  client.subscribe('1', text);
  await client.settle();
  let message = client.untaken[0];
  if (!text.startsWith('subscription')) message ??= await client.next();
  await client.close();
  const overSocket = refusalIn(message?.type === 'error' ? { errors: message.payload } : {});
  if (text.startsWith('subscription')) return [overSocket];
  const { status, json } = await desk.post({ query: text }, headers);
  const refusal = refusalIn(json);
  return [overSocket, refusal && { ...refusal, status }];
}

function refusalIn({ errors }: { errors?: readonly { extensions: object }[] | undefined }) {
  const refusal = errors?.find(({ extensions }) => 'coordinate' in extensions);
  return refusal === undefined ? null : { ...refusal.extensions, status: undefined as unknown };
}

describe.each(cases)('$coordinate', ({ refusing, needed, text, coordinates }) => {
  it('is refused to nobody in particular, and before a subgraph is asked', async () => {
    for (const refusal of await refusalsOf(text, {})) {
      expect(refusal).toMatchObject({ code: 'UNAUTHENTICATED', coordinate: coordinates[0] });
      expect([401, undefined]).toContain(refusal?.status);
    }
    expect(desk.world.calls.filter((call) => call.includes(' anonymous:'))).toEqual([]);
  });

  it('is refused to a credential with all other scopes, where it needs one', async () => {
    const others = SCOPES.filter((scope) => !needed.includes(scope));
    const refusals = await refusalsOf(text, withScopes(others));
    if (needed.length === 0) return expect(refusals.filter((one) => one !== null)).toEqual([]);
    for (const refusal of refusals) {
      const reason = 'SCOPE_MISSING';
      const all = needed.join(' and ');
      const refused = { code: 'FORBIDDEN', reason, needed: all, coordinate: refusing };
      expect(refusal).toMatchObject(refused);
      expect([403, undefined]).toContain(refusal?.status);
    }
  });

  it('is let through with what it takes and no more', async () => {
    const scopes = [...new Set(coordinates.flatMap(scopesOf))];
    if (!text.startsWith('subscription'))
      for (const refusal of await refusalsOf(text, withScopes(scopes))) expect(refusal).toBeNull();
    const document = parse(text);
    const operation = document.definitions[0] as OperationDefinitionNode;
    const asked = { schema: apiSchema, rules: accessRules, document, operation, variables: null };
    const viewer = { ...A_TRADER, scopes: SCOPES.filter((scope) => scopes.includes(scope)) };
    expect(refusalOfAccess({ ...asked, viewer })).toBeNull();
  });
});

describe('an operation', () => {
  const DASHBOARD =
    'query ($all: Boolean = false) { serverTime viewer @include(if: $all) { accounts { ...A } } } fragment A on Account { id orders { edges { cursor } } }';

  it('is judged by what its variables leave of it', async () => {
    const headers = withScopes(['market:read']);
    expect((await desk.post({ query: DASHBOARD }, headers)).status).toBe(200);
    const { status, json } = await desk.post(
      { query: DASHBOARD, variables: { all: true } },
      headers,
    );
    expect(status).toBe(403);
    expect(json.errors?.[0]?.extensions).toMatchObject({
      coordinate: 'Account.orders',
      needed: 'trade:read',
    });
  });

  it('is judged by the default of a variable that has the name of what every object has', async () => {
    const query = DASHBOARD.replaceAll('$all', '$constructor');
    const { status } = await desk.post({ query, variables: {} }, withScopes(['market:read']));
    expect(status).toBe(200);
  });

  it('is told only of the scope that it lacks', async () => {
    const query = '{ viewer { accounts { valuation { value } } } }';
    const { status, json } = await desk.post({ query }, withScopes(['account:read']));
    expect(status).toBe(403);
    expect(json.errors?.[0]?.extensions).toMatchObject({
      coordinate: 'Account.valuation',
      needed: 'market:read',
    });
  });

  it('that changes something is refused before it does when its answer may not be read', async () => {
    desk.world.calls.length = 0;
    const place =
      'mutation { placeOrder(input: { accountId: "x", clientOrderId: "c", symbol: "A", side: BUY, terms: { market: { quantity: "1" } } }) { ... on OrderAccepted { order { account { name } } } } }';
    const { status } = await desk.post({ query: place }, withScopes(['trade:write']));
    expect(status).toBe(403);
    expect(desk.world.calls.filter((call) => call.startsWith('placeOrder'))).toEqual([]);
  });
});
