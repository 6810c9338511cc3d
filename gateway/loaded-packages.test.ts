import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

const NOT_NEEDED =
  /node_modules\/((ioredis|ajv|@apollo\/composition|make-fetch-happen|node-fetch|ts-graphviz|@opentelemetry\/(?!api\/)[^/]+|undici\/lib\/(web|mock|cache))\/|fast-json-stringify\/index)/;

// In a process of its own, where nothing else can have loaded what is looked for.
const LOADED = `
  const { createHttpApp } = await import('./gateway/http/create-http-app.ts');
  const { openEventBus } = await import('./subgraphs/shared/events/open-event-bus.ts');
  await import('./gateway/server.ts');
  await createHttpApp({ origins: {}, clients: {}, logger: {} }).ready();
  await openEventBus({}, {});
  const { createRequire } = await import('node:module');
  process.stdout.write(Object.keys(createRequire(process.cwd() + '/x.js').cache).join('\\n'));
`;

it('a gateway loads nothing that it does not need', () => {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', LOADED],
    { encoding: 'utf8', env: { PATH: process.env['PATH'] } },
  );
  const files = stdout.split('\n');
  expect(files.length, stderr).toBeGreaterThan(100);
  expect(files.filter((file) => NOT_NEEDED.test(file))).toEqual([]);
});
