import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCommand } from '#shared/command/run-command.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { readMigrations, storeFolder } from './migration-folder.ts';
import { NO_FILTERS, openSchemaEngine } from './schema-engine.ts';
import { STORE_NAMES, type StoreName } from './store-name.ts';

/**
 * `npm run migration -- <store> <name>`: writes a new migration with the SQL that leads from
 * the store's migrations to its `schema.prisma`. Before committing it, add by hand what Prisma cannot
 * express (CHECK constraints, partial indexes).
 */
async function main(): Promise<void> {
  const [choice, name] = process.argv.slice(2);
  const store = STORE_NAMES.find((known) => known === choice);
  if (store === undefined || name === undefined || !/^[a-z0-9_]+$/.test(name))
    throw new Error(
      `Usage: npm run migration -- <${STORE_NAMES.join('|')}> <name_in_small_letters>`,
    );
  const sql = await differenceOf(store);
  if (sql.includes('This is an empty migration')) {
    process.stdout.write(`${store}: the migrations already match schema.prisma\n`);
    return;
  }
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const folder = path.join(storeFolder(store), 'migrations', `${stamp}_${name}`);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'migration.sql'), sql);
  process.stdout.write(`${path.relative(process.cwd(), folder)}/migration.sql\n`);
}

/** Applies the migrations to a temporary database and compares it with the schema. */
async function differenceOf(store: StoreName): Promise<string> {
  const schema = path.join(storeFolder(store), 'schema.prisma');
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'deskgraph-migration-'));
  const postgres = await startEmbeddedPostgres({ dataDirectory, isDurable: false });
  try {
    const engine = await openSchemaEngine(postgres.adminUrl, { scratchUrl: postgres.urls[store] });
    const { stdout } = await engine.diff({
      from: { tag: 'migrations', ...(await readMigrations(store)) },
      to: {
        tag: 'schemaDatamodel',
        files: [{ path: schema, content: await readFile(schema, 'utf8') }],
      },
      script: true,
      exitCode: null,
      filters: NO_FILTERS,
    });
    engine.free();
    return stdout ?? '';
  } finally {
    await postgres.discard();
  }
}

runCommand(main);
