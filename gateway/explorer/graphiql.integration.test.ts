import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DeskFixture, startDeskFixture } from '../fixtures/desk-fixture.ts';

// Looks at GraphiQL in a real browser that has no way to the internet.
const CHROMIUM = '/usr/bin/chromium';
const hasBrowser = existsSync(CHROMIUM);
const mustRun = process.env['REQUIRE_ALL'] === '1';
if (!hasBrowser && !mustRun)
  process.stderr.write(
    'No chromium: the look at GraphiQL is left out (apt-get install chromium).\n',
  );

describe.skipIf(!hasBrowser && !mustRun)('GraphiQL', () => {
  let desk: DeskFixture;
  let browser: Browser;
  beforeAll(async () => {
    desk = await startDeskFixture();
    desk.world.addTrader('key-anna', { userId: 'anna', accounts: [], scopes: ['market:read'] });
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
  });
  afterAll(async () => {
    await browser.close();
    await desk.stop();
  });

  it('loads from here alone, queries with the header of the editor, and streams', async () => {
    const page = await browser.newPage();
    const problems: string[] = [];
    const strangers: string[] = [];
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(desk.origin) && !url.startsWith('data:')) strangers.push(url);
    });
    await page.goto(`${desk.origin}/graphiql`);
    await page.getByRole('tab').first().waitFor();
    for (const name of [
      'Dashboard',
      'PlaceOrder',
      'CancelOrder',
      'Quotes',
      'OrderEvents',
      'Balances',
    ])
      await page.getByRole('tab', { name }).waitFor();
    const result = page.locator('.result-window');
    const run = page.locator('.graphiql-execute-button');
    await run.click();
    await expect.poll(() => result.textContent()).toContain('A credential is needed');
    await page.evaluate(
      `document.querySelector('.graphiql-editor-tool .graphiql-editor:not(.hidden) .CodeMirror')
        .CodeMirror.setValue('{ "x-api-key": "key-anna" }')`,
    );
    await run.click();
    await expect.poll(() => result.textContent()).toContain('A trader');

    desk.world.pushQuote('BTC-USDT', 41);
    await page.getByRole('tab', { name: 'Quotes' }).click();
    await run.click();
    await expect.poll(() => result.textContent()).toContain('"sequence": "41"');
    desk.world.pushQuote('BTC-USDT', 42);
    await expect.poll(() => result.textContent()).toContain('"sequence": "42"');
    await run.click(); // stops it
    await expect.poll(() => desk.world.quotesOf('BTC-USDT').open, { timeout: 5000 }).toBe(0);
    expect(problems).toEqual([]);
    expect(strangers).toEqual([]);
  });

  it('hides behind 404 where the explorer is off, and the sandbox with it', async () => {
    const closed = await startDeskFixture({ explorer: false });
    for (const path of ['/graphql', '/graphiql', '/graphiql/assets/graphiql.min.js'])
      expect((await fetch(closed.origin + path, { headers: { accept: 'text/html' } })).status).toBe(
        404,
      );
    await closed.stop();
  });
});
