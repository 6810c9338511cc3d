import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DeskFixture, startDeskFixture } from '../fixtures/desk-fixture.ts';

// Looks at the pages in a real browser that has no way to the internet.
const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const hasBrowser = existsSync(executablePath);
const HINT = `No Chromium at ${executablePath}: apt-get install chromium, or name one in CHROMIUM_PATH.`;
const isLeftOut = !hasBrowser && process.env['REQUIRE_ALL'] !== '1';
if (isLeftOut) process.stderr.write(`${HINT} The look at the explorer is left out.\n`);

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const TABS = [
  'Dashboard',
  'PlaceLimitOrder',
  'PlaceMarketOrder',
  'CancelOrder',
  'Quotes',
  'OrderBook',
  'OrderEvents',
  'Balances',
  'SignIn',
];
const TELL_VIOLATIONS = `addEventListener('securitypolicyviolation', (event) =>
  console.error('policy', event.violatedDirective, event.blockedURI))`;
/** Does what Apollo's script does with its options: a frame of Apollo's, and relays to us. */
const SANDBOX_STAND_IN = `window.EmbeddedSandbox = class {
  constructor(options) {
    window.sandboxOptions = options;
    const frame = document.createElement('iframe');
    frame.src = 'https://sandbox.embed.apollographql.com/sandbox/explorer';
    document.querySelector(options.target).append(frame);
    new WebSocket(options.initialSubscriptionEndpoint, 'graphql-transport-ws');
    fetch(options.initialEndpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query": "{ __typename }"}',
    }).then(async (answer) => (frame.title = await answer.text()));
  }
}`;

describe.skipIf(isLeftOut)('the explorer in a browser', () => {
  let desk: DeskFixture;
  let browser: Browser | undefined;
  beforeAll(async () => {
    expect(hasBrowser, HINT).toBe(true);
    desk = await startDeskFixture();
    const scopes = ['market:read', 'account:read', 'trade:read'];
    desk.world.addTrader('key-anna', { userId: 'anna', accounts: [], scopes });
    browser = await chromium.launch({ executablePath, args: FLAGS });
  });
  afterAll(async () => {
    await browser?.close();
    await desk?.stop();
  });

  /** A page in a profile of its own, and what is to be said against it. */
  async function openPage() {
    const context = await browser?.newContext({ viewport: { width: 1400, height: 900 } });
    const page = (await context?.newPage()) as Page;
    const problems: string[] = [];
    const strangers: string[] = [];
    const note = (url: string) => {
      if (!url.replace(/^ws/, 'http').startsWith(`${desk.origin}/`) && !url.startsWith('data:'))
        strangers.push(url);
    };
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('request', (request) => note(request.url()));
    page.on('websocket', (socket) => note(socket.url()));
    await page.addInitScript(TELL_VIOLATIONS);
    return { page, problems, strangers };
  }

  it('is GraphiQL: loads from here alone, queries with the key of the editor, and streams', async () => {
    const { page, problems, strangers } = await openPage();
    await page.goto(`${desk.origin}/graphiql`);
    for (const name of TABS) await page.getByRole('tab', { name }).waitFor();
    const run = page.locator('.graphiql-execute-button');
    await run.click();
    await showsResult(page, 'This requires a credential');
    await setKey(page, 'key-anna');
    await run.click();
    await showsResult(page, 'A trader');

    desk.world.pushQuote('BTC-USDT', 41);
    await page.getByRole('tab', { name: 'Quotes' }).click();
    await setKey(page, 'key-anna');
    await run.click();
    await showsResult(page, '"sequence": "41"');
    desk.world.pushQuote('BTC-USDT', 42);
    await showsResult(page, '"sequence": "42"');
    await run.click(); // stops it
    await expect.poll(() => desk.world.quotesOf('BTC-USDT').open).toBe(0);
    // The browser's own word for the refusal without a key.
    expect(problems).toEqual([expect.stringContaining('status of 401')]);
    expect(strangers).toEqual([]);
  });

  it('says in GraphiQL why a socket was refused', async () => {
    const { page } = await openPage();
    await page.goto(`${desk.origin}/graphiql`);
    await page.getByRole('tab', { name: 'Quotes' }).click();
    await setKey(page, 'key-nobody');
    await page.locator('.graphiql-execute-button').click();
    await showsResult(page, 'The socket was closed: 4403');
  });

  it('is Sandbox where Apollo answers: its script and frame are let in, and told our addresses', async () => {
    const { page, problems, strangers } = await openPage();
    const script = { contentType: 'text/javascript', body: SANDBOX_STAND_IN };
    await page.route('https://embeddable-sandbox.cdn.apollographql.com/**', (route) =>
      route.fulfill(script),
    );
    await page.route('https://sandbox.embed.apollographql.com/**', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<h1>Sandbox</h1>' }),
    );
    await page.goto(`${desk.origin}/graphql`);
    await page.frameLocator('iframe').getByRole('heading', { name: 'Sandbox' }).waitFor();
    await page.getByTitle('{"data":{"__typename":"Query"}}').waitFor();
    expect(await page.evaluate('window.sandboxOptions')).toMatchObject({
      initialEndpoint: `${desk.origin}/graphql`,
      initialSubscriptionEndpoint: `${desk.origin.replace('http', 'ws')}/graphql`,
      initialState: {
        document: expect.stringContaining('subscription Quotes'),
        variables: { symbols: ['BTC-USDT', 'ETH-USDT'] },
        headers: { 'x-api-key': '' },
      },
    });
    expect(strangers.map((url) => new URL(url).host)).toEqual([
      'embeddable-sandbox.cdn.apollographql.com',
      'sandbox.embed.apollographql.com',
    ]);
    expect(problems).toEqual([]);
  });

  it('is, where Apollo is out of reach, a word that says so and the way to GraphiQL', async () => {
    const { page } = await openPage();
    await page.route('https://**', (route) => route.abort());
    await page.goto(`${desk.origin}/graphql`);
    await page.getByText('is loaded from the internet').waitFor();
    await page.getByRole('link', { name: 'GraphiQL' }).click();
    await page.getByRole('tab', { name: 'Dashboard' }).waitFor();
  });
});

describe('a gateway without explorer', () => {
  it('answers browsers 404', async () => {
    const closed = await startDeskFixture({ explorer: false });
    for (const path of ['/graphql', '/graphiql']) {
      const response = await fetch(closed.origin + path, { headers: { accept: 'text/html' } });
      expect(response.status).toBe(404);
    }
    await closed.stop();
  });
});

/** Types a key into the headers' editor, which is on show. */
async function setKey(page: Page, key: string): Promise<void> {
  const headers = JSON.stringify(JSON.stringify({ 'x-api-key': key }));
  await page.evaluate(
    `document.querySelector('.graphiql-editor-tool .graphiql-editor:not(.hidden) .CodeMirror')
      .CodeMirror.setValue(${headers})`,
  );
}

/** Waits until the pane of results says this. */
function showsResult(page: Page, text: string): Promise<void> {
  const result = page.locator('.result-window');
  return expect.poll(() => result.textContent()).toContain(text);
}
