import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTcpProxy } from '#shared/events/test-tcp-proxy.ts';
import { readExamples } from '../explorer/examples.ts';
import type { Desk } from './support/harness.ts';
import { PLACE_ORDER, QUOTES } from './support/operations.ts';
import { marketOrder } from './support/order-inputs.ts';
import { poll } from './support/poll.ts';
import { shareDesk } from './support/shared-desk.ts';
import type { TraderClient } from './support/trader-client.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const PRINTED_ADDRESS = '127.0.0.1:4000';
const PASSWORD = 'open sesame 1234';

// The first steps of README.md and the programs of docs/*.md, run as they are printed; only the address is this desk's. What the
// explorer shows is sent as a person would: with an account's id put in.
describe('the README', () => {
  const folder = mkdtempSync(join(tmpdir(), 'deskgraph-readme-'));
  let desk: Desk;
  let trader: TraderClient;

  beforeAll(async () => {
    desk = await shareDesk('moving');
    trader = await desk.aTrader({ USDT: '100000' }, { password: PASSWORD });
    const quotes = trader.subscribe(QUOTES, { symbols: ['BTC-USDT'] });
    await quotes.next();
    quotes.close();
    writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    await run('sh', ['-c', 'mkdir .data']);
    writeFileSync(join(folder, '.data', 'demo-key'), String(trader.apiKey));
    writeFileSync(join(folder, '.data', 'demo-password'), `${PASSWORD}\n`);
  });
  afterAll(async () => {
    await desk.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (command: string, args: readonly string[]): Promise<string> =>
    new Promise((resolve, reject) => {
      const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
      child.once('exit', (code) => (code === 0 ? resolve(output) : reject(new Error(output))));
    });
  const block = (heading: string, language: string, file = 'README.md') =>
    printedBlock(file, heading, language).replaceAll(
      PRINTED_ADDRESS,
      desk.gateway.replace('http://', ''),
    );

  it('prints a first query that answers the accounts', async () => {
    const answer = await run('bash', ['-c', block('A first query', 'sh')]);
    expect(JSON.parse(answer)).toMatchObject({
      data: {
        viewer: {
          accounts: [
            { id: trader.accountId, balances: [{ asset: { code: 'USDT', lastPrice: '1' } }] },
          ],
        },
      },
    });
  });

  it('prints a first order that fills, and the same order again when it is sent twice', async () => {
    const script = block('A first order', 'sh');
    const first = JSON.parse(await run('bash', ['-c', script])) as PlaceAnswer;
    expect(first.data.placeOrder).toMatchObject({
      __typename: 'OrderAccepted',
      replayed: false,
      order: { status: 'FILLED' },
    });
    const second = JSON.parse(await run('bash', ['-c', script])) as PlaceAnswer;
    expect(second.data.placeOrder).toMatchObject({
      replayed: true,
      order: { id: first.data.placeOrder.order.id },
    });
  });

  it('goes with examples that place and cancel as they say', async () => {
    const examples = new Map(readExamples().map((example) => [example.name, example]));
    const send = async (name: string) => {
      const { query, variables } = examples.get(name) ?? { query: '', variables: '' };
      const given = variables.replace("<your account's id>", trader.accountId);
      return trader.request<unknown>(query, JSON.parse(given) as Record<string, unknown>);
    };
    expect(await send('2-place-limit-order')).toMatchObject({
      placeOrder: { __typename: 'OrderAccepted', order: { status: 'ACCEPTED' } },
    });
    expect(await send('4-cancel-order')).toMatchObject({
      cancelOrder: { __typename: 'OrderCanceled', order: { status: 'CANCELED' } },
    });
    expect(await send('3-place-market-order')).toMatchObject({
      placeOrder: { __typename: 'OrderAccepted', order: { status: 'FILLED' } },
    });
  });

  it('leads to a trade over the counter that fills, unless it was read too slowly', async () => {
    const script = block('A first trade', 'sh', 'docs/RFQ.md');
    // A quote lives for seconds, which a busy machine may need to start four programs.
    const outcomes = ['QuoteFilled', 'QUOTE_EXPIRED', 'LAST_LOOK_PRICE_MOVED'];
    let outcome = '';
    for (let attempt = 0; attempt < 5 && outcome !== 'QuoteFilled'; attempt += 1) {
      const unused = script.replaceAll('my-first-', `my-${attempt}-`);
      const answer = await run('bash', ['-c', unused]);
      outcome = outcomes.find((one) => answer.includes(one)) ?? answer;
      expect(outcomes).toContain(outcome);
    }
    expect(outcome).toBe('QuoteFilled');
  });

  it('leads to firm levels of which one fills, unless it was read too slowly', async () => {
    const script = block('Firm prices without a request', 'js', 'docs/RFQ.md');
    const outcomes = ['QuoteFilled', 'LEVEL_NO_LONGER_VALID', 'LAST_LOOK_PRICE_MOVED'];
    let outcome = '';
    for (let attempt = 0; attempt < 5 && outcome !== 'QuoteFilled'; attempt += 1) {
      writeFileSync(join(folder, 'levels.mjs'), script.replace('my-first-', `my-${attempt}-`));
      const answer = await run(process.execPath, ['levels.mjs']);
      outcome = outcomes.find((one) => answer.includes(one)) ?? answer;
      expect(outcomes).toContain(outcome);
    }
    expect(outcome).toBe('QuoteFilled');
  });

  it('leads to a program that goes on with a broken stream where it was', async () => {
    const proxy = await openTcpProxy(Number(new URL(desk.gateway).port));
    const script = printedBlock('docs/STREAMS.md', 'Private streams', 'js');
    writeFileSync(
      join(folder, 'follow.mjs'),
      script.replace(PRINTED_ADDRESS, `127.0.0.1:${proxy.port}`),
    );
    const child = spawn(process.execPath, ['follow.mjs', trader.accountId], { cwd: folder });
    let printed = '';
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    try {
      await poll(async () => printed.includes('OrderSnapshot'));
      proxy.cut();
      const { accountId } = trader;
      const order = { accountId, side: 'BUY', quantity: '0.001' } as const;
      await trader.request(PLACE_ORDER, marketOrder({ ...order, clientOrderId: 'while-away' }));
      proxy.mend();
      await poll(async () => /"FILL".*while-away/.test(printed));
      expect(printed.match(/OrderSnapshot|StreamResumed/g)).toEqual([
        'OrderSnapshot',
        'StreamResumed',
      ]);
    } finally {
      child.kill();
      await proxy.close();
    }
  });

  it('leads to a limit order that is placed, amended and canceled', async () => {
    const answers = await run('bash', ['-c', block('Commands', 'sh', 'docs/ORDERS.md')]);
    expect(
      answers
        .trim()
        .split(/\n+/)
        .map((line) => (JSON.parse(line) as { data: object }).data),
    ).toEqual([
      {
        placeOrder: {
          __typename: 'OrderAccepted',
          order: { status: 'ACCEPTED', quantity: '0.01000' },
        },
      },
      {
        amendOrder: {
          __typename: 'OrderAmended',
          order: { status: 'ACCEPTED', quantity: '0.00500' },
        },
      },
      {
        cancelOrder: {
          __typename: 'OrderCanceled',
          order: { status: 'CANCELED', filledQuantity: '0.00000' },
        },
      },
    ]);
  });

  it('leads to a key whose requests are signed', async () => {
    writeFileSync(
      join(folder, 'sign.mjs'),
      block('Signed requests', 'js', 'docs/AUTHENTICATION.md'),
    );
    expect(JSON.parse(await run(process.execPath, ['sign.mjs']))).toMatchObject({
      viewer: { scopes: ['ACCOUNT_READ'] },
    });
  });

  it('leads to a dashboard that signs in, reads all pages and follows balances', async () => {
    const script = block('A program to begin with', 'js', 'docs/DASHBOARDS.md');
    writeFileSync(
      join(folder, 'dashboard.mjs'),
      script
        .replace('demo@deskgraph.example', trader.email)
        .replace('ledgerEntries(first: 50', 'ledgerEntries(first: 1'),
    );
    const lines = (await run(process.execPath, ['dashboard.mjs'])).trim().split('\n');
    const { account } = await trader.request<{
      account: { ledgerEntries: { edges: readonly unknown[] } };
    }>(`query ($id: ID!) { account(id: $id) { ledgerEntries(first: 250) { edges { cursor } } } }`, {
      id: trader.accountId,
    });
    expect(lines.length).toBe(account.ledgerEntries.edges.length + 1);
    expect(lines.at(-2)).toMatch(/^DEPOSIT 100000\S* USDT$/);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ __typename: 'BalanceSnapshot' });
  });

  it('leads to a program that ends where following again is in vain', async () => {
    writeFileSync(join(folder, 'follow.mjs'), block('Private streams', 'js', 'docs/STREAMS.md'));
    await expect(run(process.execPath, ['follow.mjs', 'nobody'])).rejects.toThrow('no account');
  });

  it('prints a first subscription that shows five quotes', async () => {
    writeFileSync(join(folder, 'quotes.mjs'), block('A first subscription', 'js'));
    const lines = (await run(process.execPath, ['quotes.mjs'])).trim().split('\n');
    expect(lines.length).toBe(5);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ quote: { stale: false } });
  });
});

interface PlaceAnswer {
  readonly data: { readonly placeOrder: { readonly order: { readonly id: string } } };
}

/** The first code block under a heading. */
function printedBlock(file: string, heading: string, language: string): string {
  const text = readFileSync(join(root, file), 'utf8');
  const [, rest = ''] = text.split(`\n## ${heading}\n`);
  const [section = ''] = rest.split('\n## ');
  const code = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(section)?.[1];
  if (code === undefined) throw new Error(`${file} has no ${language} block under "${heading}".`);
  return code;
}
