import { runCommand } from '#shared/command/run-command.ts';
import { seedAccount } from './account/seed.ts';
import { seedMarketData } from './market-data/seed.ts';
import { readStoreEnvironment } from './store-environment.ts';

const USAGE = "Usage: npm run seed [-- <file for the demo trader's key>]";

/**
 * `npm run seed -- <file for the demo trader's key>`: assets, instruments, the desk's own accounts and
 * a demo trader, after the migration. Safe to repeat. Without a file the demo trader has no key.
 */
async function main(): Promise<void> {
  const [demoKeyPath, ...more] = process.argv.slice(2);
  if (more.length > 0 || demoKeyPath?.startsWith('-')) throw new Error(USAGE);
  const urls = readStoreEnvironment(['account', 'market-data']);
  await seedMarketData(urls['market-data']);
  await seedAccount(urls.account, demoKeyPath === undefined ? {} : { demoKeyPath });
  const key = demoKeyPath === undefined ? 'no key' : `the key in ${demoKeyPath}`;
  process.stdout.write(`assets, instruments and a demo trader with ${key}\n`);
}

runCommand(main);
