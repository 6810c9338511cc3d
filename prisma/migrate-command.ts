import { EnvironmentError } from '#shared/environment/read-environment.ts';
import { readMigrateEnvironment } from './migrate-environment.ts';
import { migrate } from './migrate.ts';
import { STORE_NAMES, type StoreName } from './store-name.ts';

/** `npm run migrate -- <store>|all`: run it before new servers start. Safe to repeat. */
async function main(choice: string | undefined): Promise<void> {
  const stores = choice === 'all' ? STORE_NAMES : STORE_NAMES.filter((name) => name === choice);
  if (stores.length === 0) throw new Error(`Say which: ${STORE_NAMES.join(', ')} or all.`);
  for (const [store, url] of readMigrateEnvironment(stores)) await migrateAndTell(store, url);
}

async function migrateAndTell(store: StoreName, url: string): Promise<void> {
  await migrate(store, url);
  process.stdout.write(`${store}: up to date\n`);
}

main(process.argv[2]).catch((cause: unknown) => {
  const problems = cause instanceof EnvironmentError ? cause.problems : [String(cause)];
  process.stderr.write(`${problems.join('\n')}\n`);
  process.exitCode = 1;
});
