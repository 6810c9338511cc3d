import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'graphql';
import { pino } from 'pino';
import { afterAll, expect, it } from 'vitest';
import { SupergraphFile } from './supergraph-file.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'deskgraph-supergraph-'));
const file = path.join(folder, 'supergraph.graphql');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const begin = () =>
  new SupergraphFile(file, pino({ level: 'silent' })).begin((text) => parse(text).kind);

it('a supergraph that cannot be used at the start is named, and what is wrong with it', async () => {
  await expect(begin()).rejects.toThrow(`The supergraph in ${file} cannot be used: ENOENT`);
  writeFileSync(file, 'type Query {');
  await expect(begin()).rejects.toThrow(
    `The supergraph in ${file} cannot be used: Syntax Error: Expected Name, found <EOF>.`,
  );
  writeFileSync(file, 'type Query { time: Int }');
  expect(await begin()).toBe('Document');
});
