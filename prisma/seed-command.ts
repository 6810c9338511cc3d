import { EnvironmentError } from '#shared/environment/read-environment.ts';
import { seedAccount } from './account/seed.ts';
import { seedMarketData } from './market-data/seed.ts';
import { readMigrateEnvironment } from './migrate-environment.ts';

/**
 * `npm run seed -- <file for the demo trader's key>`: assets, instruments, the desk's own accounts and
 * a demo trader, after the migration. Safe to repeat. Without a file the demo trader has no key.
 */
async function main(demoKeyPath: string | undefined): Promise<void> {
  const urls = readMigrateEnvironment(['account', 'market-data']);
  await seedMarketData(urls.get('market-data') ?? '');
  await seedAccount(urls.get('account') ?? '', demoKeyPath === undefined ? {} : { demoKeyPath });
  const key = demoKeyPath === undefined ? 'no key' : `the key in ${demoKeyPath}`;
  process.stdout.write(`assets, instruments and a demo trader with ${key}\n`);
}

main(process.argv[2]).catch((cause: unknown) => {
  const problems = cause instanceof EnvironmentError ? cause.problems : [String(cause)];
  process.stderr.write(`${problems.join('\n')}\n`);
  process.exitCode = 1;
});
