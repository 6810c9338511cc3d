import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SubgraphServer } from '#shared/subgraph/create-subgraph-server.ts';
import { SocketClient } from './fixtures/socket-client.ts';
import { FixtureWorld } from './fixtures/fixture-world.ts';
import { createFixtureSubgraph } from './fixtures/subgraph-fixtures.ts';
import { SUBGRAPH_NAMES } from './supergraph/subgraph-names.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const WITHIN = { timeout: 90_000, interval: 20 };
const QUOTES =
  'subscription { quoteChanged(symbols: ["BTC-USDT"]) { ... on QuoteUpdate { sequence } } }';

interface LogLine {
  readonly msg: string;
  readonly pid: number;
  readonly origin?: string;
}

const world = new FixtureWorld();
const key = { kid: 'gateway.1', secret: randomBytes(32).toString('base64url') };
const subgraphs: SubgraphServer[] = [];
const urls: string[] = [];
let program: ChildProcess;
let output = '';

beforeAll(async () => {
  const logger = pino({ level: 'silent' });
  for (const name of SUBGRAPH_NAMES) {
    const server = await createFixtureSubgraph(name, world, { passportKeys: [key], logger });
    subgraphs.push(server);
    urls.push(await server.listen({ host: '127.0.0.1', port: 0 }));
  }
});
afterAll(async () => {
  for (const server of subgraphs) await server.stop();
});
afterEach(async () => {
  if (program.exitCode !== null || program.signalCode !== null) return;
  program.kill('SIGTERM');
  await once(program, 'exit');
});

/** The gateway's own program with two workers. */
function start(variables: Readonly<Record<string, string>>): void {
  const [account = '', marketData = '', order = ''] = urls;
  const signed = `${key.kid}=${key.secret}`;
  output = '';
  program = spawn(process.execPath, ['--import', 'tsx', 'gateway/main.ts'], {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      GATEWAY_WORKERS: '2',
      ACCOUNT_URL: account,
      MARKET_DATA_URL: marketData,
      ORDER_URL: order,
      ACCOUNT_PASSPORT_KEY: signed,
      MARKET_DATA_PASSPORT_KEY: signed,
      ORDER_PASSPORT_KEY: signed,
      ...variables,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  program.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
}

function logged(message: string): readonly LogLine[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line) as LogLine)
    .filter(({ msg }) => msg === message);
}

describe('a gateway of two workers', { timeout: 180_000 }, () => {
  it('serves one port with both, replaces one that dies, and drains at SIGTERM', async () => {
    start({ PORT: '0', METRICS_PORT: '0' });
    await expect.poll(() => logged('listening').length, WITHIN).toBe(2);
    const [first, second] = logged('listening');
    expect(first?.origin).toBe(second?.origin);
    expect(first?.pid).not.toBe(second?.pid);
    const origin = String(first?.origin);
    const clients = await streaming(origin, 4);
    await expect.poll(() => world.quotesOf('BTC-USDT').open, WITHIN).toBe(2);
    const [{ origin: readers } = { origin: '' }] = logged('serving metrics');
    const readOf = async (workers: number) => {
      let text = '';
      const isAnswered = new RegExp(`^deskgraph_workers_answering ${workers}$`, 'm');
      const read = async () => (text = await (await fetch(`${readers}/metrics`)).text());
      await expect.poll(read, WITHIN).toMatch(isAnswered);
      return text;
    };
    const metrics = await readOf(2);
    expect(metrics).toMatch(/^deskgraph_live\{what="sockets"\} 4$/m);
    expect(metrics).toMatch(/^deskgraph_live\{what="source-streams"\} 2$/m);
    expect(metrics).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);

    process.kill(Number(second?.pid), 'SIGSTOP');
    const ofOne = await readOf(1).finally(() => process.kill(Number(second?.pid), 'SIGCONT'));
    expect(ofOne).toMatch(/^deskgraph_live\{what="sockets"\} 2$/m);

    process.kill(Number(first?.pid), 'SIGKILL');
    const [lost, kept] = await partition(clients);
    expect([lost, kept].map(({ length }) => length)).toEqual([2, 2]);
    world.pushQuote('BTC-USDT', 1);
    for (const client of kept) expect(await client.next()).toMatchObject({ type: 'next' });
    const joined = await streaming(origin, 1);
    expect(await joined[0]?.next()).toMatchObject({ type: 'next' });
    await expect.poll(() => logged('listening').length, WITHIN).toBe(3);
    expect(logged('a worker died')).toMatchObject([{ worker: first?.pid, signal: 'SIGKILL' }]);
    joined.push(...(await streaming(origin, 3)));
    await expect.poll(() => world.quotesOf('BTC-USDT').open, WITHIN).toBe(2);

    program.kill('SIGTERM');
    for (const client of [...kept, ...joined])
      expect(await client.closed).toEqual({ code: 1001, reason: 'Shutting down' });
    expect(await once(program, 'exit')).toEqual([0, null]);
    for (const { pid } of logged('listening')) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('does not start, and says why once, where the port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    start({ PORT: `${(taken.address() as AddressInfo).port}`, LOG_LEVEL: 'error' });
    expect(await once(program, 'exit')).toEqual([1, null]);
    expect(output.match(/EADDRINUSE/g)).toHaveLength(1);
    expect(output.trim().split('\n')).toHaveLength(1);
    taken.close();
  });
});

describe('a gateway of one process', { timeout: 60_000 }, () => {
  it('serves nobody if the port for its metrics is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    start({ PORT: '0', GATEWAY_WORKERS: '1', METRICS_PORT: `${port}` });
    expect(await once(program, 'exit')).toEqual([1, null]);
    expect(output).toBe(`gateway: listen EADDRINUSE: address already in use 127.0.0.1:${port}\n`);
    taken.close();
  });
});

/**
 * A supervisor over two workers that only listen. One dies while the system starts no process, and
 * later the channel to another fails.
 */
const SUPERVISOR = `
  import cluster from 'node:cluster';
  import { setTimeout } from 'node:timers/promises';
  const { WorkerSupervisor } = await import(${JSON.stringify(new URL('./supervise-workers.ts', import.meta.url).href)});
  const worker = "require('node:net').createServer().listen(0, '127.0.0.1')";
  cluster.setupPrimary({ exec: 'worker', execArgv: ['-e', worker, '--'] });
  const messages = [];
  const log = (_fields, message) => void messages.push(message);
  const supervisor = new WorkerSupervisor({ error: log, warn: log });
  const workers = () => Object.values(cluster.workers);
  const until = async (isSo) => { while (!isSo()) await setTimeout(10); };
  let listening = 0;
  cluster.on('listening', () => (listening += 1));
  await supervisor.start(2);
  await until(() => listening === 2);
  const { execPath } = process;
  process.execPath = '/nowhere/node';
  workers()[0].process.kill('SIGKILL');
  await until(() => messages.includes('a worker could not be started'));
  process.execPath = execPath;
  await until(() => listening === 3);
  workers().forEach((one) => one.emit('error', new Error('write EPIPE')));
  await supervisor.stop();
  process.stdout.write(JSON.stringify(messages));
  process.exit(0);
`;

describe('a supervisor', { timeout: 60_000 }, () => {
  it('outlives a worker that cannot be started, and a channel that fails', async () => {
    const flags = ['--import', 'tsx', '--input-type=module', '-e', SUPERVISOR];
    program = spawn(process.execPath, flags, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let told = '';
    output = '';
    program.stdout?.on('data', (chunk: Buffer) => (told += chunk.toString()));
    program.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [code] = (await once(program, 'close')) as [number | null];
    expect([code, output]).toEqual([0, '']);
    const messages = JSON.parse(told) as readonly string[];
    expect(messages.slice(0, 2)).toEqual(['a worker died', 'a worker could not be started']);
    expect(messages.slice(-2)).toEqual(Array(2).fill('a worker could not be reached'));
  });
});

/** So many sockets, each with a stream of quotes that is known to be open or joined. */
async function streaming(origin: string, count: number): Promise<SocketClient[]> {
  const clients: SocketClient[] = [];
  for (let opened = 0; opened < count; opened += 1) {
    const client = await SocketClient.connect(origin);
    client.subscribe('1', QUOTES);
    clients.push(client);
  }
  return clients;
}

/** Those whose worker was killed, and the others; the first group's ends are awaited. */
async function partition(clients: readonly SocketClient[]) {
  const isOpen = ({ webSocket }: SocketClient) => webSocket.readyState === webSocket.OPEN;
  await expect.poll(() => clients.filter(isOpen).length, WITHIN).toBe(2);
  return [clients.filter((client) => !isOpen(client)), clients.filter(isOpen)] as const;
}
