import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gatewayEnvironment } from '../gateway/environment.ts';
import { makeEnvFile } from '../start/env-file.ts';
import { readAccountEnvironment } from '../subgraphs/account/environment.ts';
import { readMarketDataEnvironment } from '../subgraphs/market-data/environment.ts';
import { readOrderEnvironment } from '../subgraphs/order/environment.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TEXT = readFileSync(path.join(ROOT, 'docker-compose.yml'), 'utf8');

type Variables = Readonly<Record<string, string>>;

/** The block of lines after a line of its own, up to the next one that is indented no further. */
function blockOf(text: string, line: string): string {
  const indent = line.length - line.trimStart().length;
  const [, after = ''] = `\n${text}`.split(`\n${line}\n`);
  const end = after.search(new RegExp(`^ {0,${indent}}\\S`, 'm'));
  return end < 0 ? after : after.slice(0, end);
}

const serviceOf = (name: string) => blockOf(blockOf(TEXT, 'services:'), `  ${name}:`);

/** What a service's process finds in its environment, with these values from the file `.env`. */
function variablesOf(service: string, given: Variables): Variables {
  const shared = blockOf(TEXT, 'x-events: &events');
  const own = blockOf(serviceOf(service), '    environment:');
  const lines = [...`${shared}${own}`.matchAll(/^ +([A-Z_]+): (.*)$/gm)];
  const value = (text: string) =>
    text.replace(
      /\$\{([A-Z_]+):(?:\?|-(.*?))\}/g,
      (_, name: string, byDefault?: string) => given[name] ?? byDefault ?? '',
    );
  return Object.fromEntries(lines.map(([, name = '', text = '']) => [name, value(text)]));
}

/** What a process makes of its environment. */
interface Started {
  readonly PORT: number;
  readonly DATABASE_URL?: string;
}

const READERS: Readonly<Record<string, () => Started>> = {
  account: readAccountEnvironment,
  'market-data': readMarketDataEnvironment,
  order: readOrderEnvironment,
  gateway: gatewayEnvironment,
};
const NAMES = Object.keys(READERS);

function started(service: string, variables = variablesOf(service, secrets)): Started | undefined {
  const before = process.env;
  process.env = { ...variables };
  try {
    return READERS[service]?.();
  } finally {
    process.env = before;
  }
}

let folder: string;
let secrets: Variables;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'deskgraph-compose-'));
  const file = path.join(folder, '.env');
  await makeEnvFile(file);
  const lines = readFileSync(file, 'utf8').matchAll(/^([A-Z_]+)='?(.*?)'?$/gm);
  secrets = Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, value]));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(NAMES)('the service %s of Docker Compose', (name) => {
  it('starts with the variables that it is given, and uses all of them', () => {
    const variables = variablesOf(name, secrets);
    const read = started(name);
    expect(Object.keys(read ?? {})).toEqual(expect.arrayContaining(Object.keys(variables)));
    // What has no value is as if it were not there.
    expect(started(name, { ...variables, PORT: '' })).toEqual(read);
  });

  it('is asked for its health at the port where it listens, and runs a program that is there', () => {
    const port = started(name)?.PORT;
    const service = serviceOf(name);
    expect(service).toContain(`'http://127.0.0.1:${port}/health/ready'`);
    const [, entry = ''] = /command: \['node', '--import', 'tsx', '(.*)'\]/.exec(service) ?? [];
    expect([entry, existsSync(path.join(ROOT, entry))]).toEqual([
      expect.stringMatching(/main\.ts$/),
      true,
    ]);
  });
});

it.each([
  ['gateway', 'account'],
  ['gateway', 'market-data'],
  ['gateway', 'order'],
  ['order', 'account'],
  ['order', 'market-data'],
])('%s reaches %s in Docker Compose, with a key that it accepts', (caller, called) => {
  const own = { ...started(caller) };
  const other = { ...started(called) };
  const prefix = called.toUpperCase().replace('-', '_');
  expect(own).toMatchObject({ [`${prefix}_URL`]: `http://${called}:${other.PORT}` });
  const key: unknown = own[`${prefix}_PASSPORT_KEY` as keyof typeof own];
  expect(other).toMatchObject({ PASSPORT_KEYS: expect.arrayContaining([key]) as unknown });
});

it('every store has the database and role that are made for it, and no two the same password', () => {
  const made = readFileSync(path.join(ROOT, 'deploy/create-databases.sh'), 'utf8');
  const urls = NAMES.filter((name) => name !== 'gateway').map((name) => {
    return new URL(started(name)?.DATABASE_URL ?? '');
  });
  for (const { username, password, pathname, host } of urls) {
    const variable = `${username.toUpperCase()}_DATABASE_PASSWORD`;
    expect(made).toContain(`\ncreate_store ${username} ${variable}\n`);
    expect([password, pathname, host]).toEqual([
      secrets[variable],
      `/${username}`,
      'postgres:5432',
    ]);
  }
  expect(new Set(urls.map(({ password }) => password)).size).toBe(urls.length);
});
