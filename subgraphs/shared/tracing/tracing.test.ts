import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { openTracing, traced, traceHeaders } from './tracing.ts';

// In a process of its own, where nothing else can have loaded what is looked for.
const LOADED = `
  const { openTracing } = await import(${JSON.stringify(new URL('./tracing.ts', import.meta.url).href)});
  const stop = await openTracing({ service: 'x', endpoint: process.env.ENDPOINT });
  await stop();
  const { createRequire } = await import('node:module');
  const loaded = Object.keys(createRequire(process.cwd() + '/x.js').cache);
  process.stdout.write(String(loaded.some((file) => file.includes('@opentelemetry'))));
`;

it.each([
  [undefined, 'false'],
  ['http://127.0.0.1:9', 'true'],
])('what traces is loaded only where there is an endpoint: %s', (endpoint, expected) => {
  const { stdout } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', LOADED],
    {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], ...(endpoint === undefined ? {} : { ENDPOINT: endpoint }) },
    },
  );
  expect(stdout).toBe(expected);
});

it('without an endpoint work is done as it is, and says nothing to neighbors', async () => {
  const stop = await openTracing({ service: 'x', endpoint: undefined });
  expect(traced('work', {}, () => 1)).toBe(1);
  expect(traceHeaders()).toEqual({});
  await stop();
});
