import { createHmac } from 'node:crypto';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTracing } from '#shared/tracing/tracing.ts';
import { SocketClient } from '../fixtures/socket-client.ts';
import { TraceReceiver } from '../fixtures/trace-receiver.ts';
import { GatewayMetrics } from '../metrics/gateway-metrics.ts';
import { type Desk, runsAsProcesses, startDesk } from './support/harness.ts';

// A person does everything that has to do with secrets, rightly and wrongly, on every way in, and while
// the store fails under them, so that there is something to log. Then the
// log of all four servers, which redacts nothing here and leaves nothing out, every row of the three
// databases, what the gateway measures and every trace are searched for all of them.
const lines: string[] = [];
const secrets: string[] = [];
const metrics = new GatewayMetrics();
const traces = new TraceReceiver();
let stopTracing: () => Promise<void>;
let desk: Desk;

beforeAll(async () => {
  stopTracing = await openTracing({ service: 'desk', endpoint: await traces.listen() });
  const logger = pino({ level: 'trace' }, { write: (line) => void lines.push(line) });
  desk = await startDesk({ feedStart: 'first-subscription', logger, metrics });
});
afterAll(async () => {
  await desk.stop();
  await stopTracing();
  await traces.close();
});

/** Notes a secret, and the part of it that nobody but its owner has. */
function secret(text: string): string {
  secrets.push(text);
  const parts = text.split(/[_.]/);
  if (parts.length > 2) secrets.push(parts.at(-1) ?? text);
  return text;
}

type Headers = Readonly<Record<string, string>>;

async function post(body: string, headers: Headers): Promise<string> {
  const response = await fetch(`${desk.gateway}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      traceparent: `00-${CLIENTS_TRACE}-b7ad6b7169203331-01`,
      ...headers,
    },
    body,
  });
  return response.text();
}

/** Runs a mutation with one input. @returns what it answered; undefined if it failed */
async function mutate<Answer>(
  headers: Headers,
  field: string,
  selection: string,
  input?: object,
): Promise<Answer> {
  const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`;
  const isOfCode = /(confirm|remove)SecondFactor|RecoveryCodes/.test(field);
  const ofCode = isOfCode ? 'SecondFactorCodeInput' : type;
  const query =
    input === undefined
      ? `mutation { ${field} { ${selection} } }`
      : `mutation ($input: ${ofCode}!) { ${field}(input: $input) { ${selection} } }`;
  const text = await post(JSON.stringify({ query, variables: { input } }), headers);
  return (JSON.parse(text) as { data: Record<string, Answer> | null }).data?.[field] as Answer;
}

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}
const TOKENS = '... on SignedIn { accessToken refreshToken }';
const noted = ({ accessToken, refreshToken }: Tokens): Tokens => ({
  accessToken: secret(accessToken),
  refreshToken: secret(refreshToken),
});
const bearer = ({ accessToken }: Tokens) => ({ authorization: `Bearer ${accessToken}` });

/** The code of the half minute, for a secret in base 32. */
function codeOf(base32: string): string {
  const bits = [...base32]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2))
    .map((five) => five.padStart(5, '0'))
    .join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const moment = Buffer.alloc(8);
  moment.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac('sha1', key).update(moment).digest();
  const number = mac.readUInt32BE(mac.readUInt8(19) & 0x0f) & 0x7fff_ffff;
  return `${number % 1_000_000}`.padStart(6, '0');
}

/** What a client says of a trace of its own. */
const CLIENTS_TRACE = '0af7651916cd43dd8448eb211c80319c';
const EMAIL = 'canary@desk.example';
const PASSWORD = 'canary-password-one';
const NEW_PASSWORD = 'canary-password-three';

/** What somebody has at the end. */
interface Secrets {
  readonly key: string;
  readonly tokens: Tokens;
}

/** Signs up, in and on with everything there is. */
async function useEverySecret(): Promise<Secrets> {
  const [email, password] = [EMAIL, secret(PASSWORD)];
  const first = noted(
    await mutate<Tokens>({}, 'signUp', TOKENS, { email, password, name: 'Canary' }),
  );
  await mutate({}, 'signIn', '__typename', { email, password: secret('canary-password-two') });
  const started = await mutate<{ secret: string }>(
    bearer(first),
    'startSecondFactor',
    '... on SecondFactorStarted { secret }',
    { currentPassword: password },
  );
  const { recoveryCodes } = await mutate<{ recoveryCodes: string[] }>(
    bearer(first),
    'confirmSecondFactor',
    '... on RecoveryCodesGiven { recoveryCodes }',
    { code: codeOf(secret(started.secret)) },
  );
  for (const code of recoveryCodes) secrets.push(code, code.replaceAll('-', ''));
  await mutate({}, 'signIn', '__typename', { email, password, code: secret('canary-code') });
  const code = recoveryCodes[0];
  const second = noted(await mutate<Tokens>({}, 'signIn', TOKENS, { email, password, code }));
  const { refreshToken } = second;
  const third = noted(await mutate<Tokens>({}, 'refreshSession', TOKENS, { refreshToken }));
  const changed = await mutate<{ signedIn: Tokens }>(
    bearer(third),
    'changePassword',
    `... on PasswordChanged { signedIn { accessToken refreshToken } }`,
    { currentPassword: password, newPassword: secret(NEW_PASSWORD), code: recoveryCodes[1] },
  );
  const fourth = noted(changed.signedIn);
  const canary = { name: 'canary', scopes: ['MARKET_READ', 'ACCOUNT_READ'] };
  const wrong = { ...canary, code: secret('canary-code-three') };
  await mutate(bearer(third), 'createApiKey', '__typename', wrong);
  const created = await mutate<{ secret: string; apiKey: { id: string } }>(
    bearer(third),
    'createApiKey',
    '... on ApiKeyCreated { secret apiKey { id } }',
    { ...canary, code: recoveryCodes[2] },
  );
  const rotated = await mutate<{ secret: string }>(
    bearer(third),
    'rotateApiKey',
    '... on ApiKeyRotated { secret }',
    { id: created.apiKey.id, code: recoveryCodes[3] },
  );
  secret(created.secret);
  return { key: secret(rotated.secret), tokens: fourth };
}

/** Sends a good key in every wrong way there is. */
async function sendBadly(key: string): Promise<void> {
  const flawed = secret(`${key.slice(0, -1)}${key.endsWith('a') ? 'b' : 'a'}`);
  for (const apiKey of [key, flawed]) {
    const headers = { 'x-api-key': apiKey };
    const query = `query ($first: Int) { viewer { auditTrail(first: $first) { edges { cursor } } } }`;
    await post(JSON.stringify({ query }), headers);
    await post(JSON.stringify({ query, variables: { first: key } }), headers);
    await post(JSON.stringify({ query: `{ viewer(key: "${key}") { id } }` }), headers);
    await post(`{"query": "${key}`, headers);
    await post(JSON.stringify({ query }), { ...headers, accept: 'text/event-stream' });
    const socket = await SocketClient.open(desk.gateway);
    socket.send({ type: 'connection_init', payload: { apiKey } });
    socket.subscribe('1', `subscription { balanceChanged(accountId: "${key}") { __typename } }`);
    socket.send(`{"type": "subscribe", "payload": "${key}`);
    await socket.closed;
    await SocketClient.open(desk.gateway, { headers }).then(
      (open) => open.close(),
      () => undefined,
    );
  }
  await fetch(`${desk.gateway}/graphql?query=${key}&key=${key}`);
}

/** Does it all again while the tables that hold secrets are away: each failure is logged. */
async function failInTheStore({ key, tokens }: Secrets): Promise<void> {
  const client = new pg.Client({ connectionString: desk.databaseUrls.account });
  await client.connect();
  const away = ['users', 'sessions', 'api_keys', 'second_factors'];
  const headers = bearer(tokens);
  // A token is remembered for a second, so that these come as far as what fails behind it.
  await post(JSON.stringify({ query: '{ viewer { id } }' }), headers);
  await client.query(away.map((table) => `ALTER TABLE ${table} RENAME TO away_${table}`).join(';'));
  const { refreshToken } = tokens;
  await Promise.all([
    mutate(headers, 'createApiKey', '__typename', { name: key, scopes: [] }),
    mutate(headers, 'confirmSecondFactor', '__typename', { code: secret('canary-code-two') }),
    mutate({}, 'refreshSession', '__typename', { refreshToken }),
    mutate({}, 'signIn', '__typename', { email: EMAIL, password: NEW_PASSWORD }),
    mutate(headers, 'changePassword', '__typename', {
      ...{ currentPassword: NEW_PASSWORD, newPassword: secret('canary-password-four') },
    }),
    mutate({}, 'signUp', '__typename', { email: EMAIL, password: PASSWORD, name: 'Canary' }),
    post(JSON.stringify({ query: '{ viewer { id } }' }), { 'x-api-key': key }),
  ]);
  await client.query(away.map((table) => `ALTER TABLE away_${table} RENAME TO ${table}`).join(';'));
  await client.end();
  // The sign-in ends with its used token.
  await mutate({}, 'refreshSession', '__typename', { refreshToken });
  await mutate({}, 'refreshSession', '__typename', { refreshToken });
}

async function everyRow(): Promise<string> {
  const rows: string[] = [];
  for (const connectionString of Object.values(desk.databaseUrls)) {
    const client = new pg.Client({ connectionString });
    await client.connect();
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT format('%I', table_name) AS name FROM information_schema.tables WHERE table_schema = 'public'`,
    );
    for (const { name } of tables) {
      const found = await client.query<{ text: string }>(
        `SELECT to_jsonb(t)::text AS text FROM ${name} t`,
      );
      rows.push(...found.rows.map(({ text }) => text));
    }
    await client.end();
  }
  return rows.join('\n');
}

describe.skipIf(runsAsProcesses)('secrets', () => {
  it('are in no log line, in no row, in no metric and in no trace', async () => {
    const all = await useEverySecret();
    await sendBadly(all.key);
    await failInTheStore(all);
    expect(secrets.length).toBeGreaterThan(30);
    const [log, rows] = [lines.join('\n'), await everyRow()];
    // That the search can find something: what is no secret is there.
    expect(rows).toContain('canary@desk.example');
    const failures = lines.filter((line) => line.includes('a resolver failed'));
    expect(failures.length).toBeGreaterThan(3);
    expect(secrets.filter((text) => log.includes(text))).toEqual([]);
    expect(secrets.filter((text) => rows.includes(text))).toEqual([]);
    const measured = await metrics.text();
    expect(measured).toContain('operation="mutation",transport="http",outcome="ok"');
    expect(secrets.filter((text) => measured.includes(text))).toEqual([]);
    await stopTracing();
    const traced = traces.bodies.join('\n');
    expect(secrets.filter((text) => traced.includes(text))).toEqual([]);
    // One trace goes through all of it, and a client's own header begins none of them.
    const paths = traces.spans.map((span) => traces.pathOf(span).join(' > '));
    const way = 'gateway POST /graphql > fetch account > account POST /graphql > sql';
    expect(paths).toContain(`${way} SELECT`);
    expect(paths).toContain('gateway POST /graphql > plan');
    expect(traced).not.toContain(CLIENTS_TRACE);
  });
});
