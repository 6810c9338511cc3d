import { runCommand } from '#shared/command/run-command.ts';
import { migrate } from './migrate.ts';
import { readStoreEnvironment } from './store-environment.ts';
import { STORE_NAMES } from './store-name.ts';

/** `npm run migrate -- <store>|all`: run it before new servers start. Safe to repeat. */
async function main(): Promise<void> {
  const choice = process.argv[2];
  const stores = choice === 'all' ? STORE_NAMES : STORE_NAMES.filter((name) => name === choice);
  if (stores.length === 0) throw new Error(`Say which: ${STORE_NAMES.join(', ')} or all.`);
  const urls = readStoreEnvironment(stores);
  for (const store of stores) {
    await migrate(store, urls[store]);
    process.stdout.write(`${store}: up to date\n`);
  }
}

runCommand(main);
