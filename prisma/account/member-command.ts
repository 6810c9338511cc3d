import path from 'node:path';
import { parseArgs } from 'node:util';
import { EnvironmentError } from '#shared/environment/read-environment.ts';
import type { AccountRole } from '#shared/identity/viewer.ts';
import { readRunningUrls } from '../embedded/running-urls.ts';
import { readMigrateEnvironment } from '../migrate-environment.ts';
import { addMember } from './add-member.ts';

const ROLES: readonly AccountRole[] = ['OWNER', 'TRADER', 'VIEWER'];
const USAGE = `Usage: npm run member -- <user id> <account id> ${ROLES.join('|')} [--state .data]`;

/**
 * `npm run member -- <user id> <account id> <role>`: makes somebody a member of an account, above all of
 * the house's. `--state` names the folder of a desk that runs in one process; without it
 * `ACCOUNT_DATABASE_URL` says where the store is.
 */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { state: { type: 'string' } },
    allowPositionals: true,
  });
  const [userId, accountId, roleText, ...more] = positionals;
  const role = ROLES.find((each) => each === roleText);
  if (userId === undefined || accountId === undefined || role === undefined || more.length > 0)
    throw new Error(USAGE);
  const urls =
    values.state === undefined
      ? Object.fromEntries(readMigrateEnvironment(['account']))
      : await readRunningUrls(path.join(values.state, 'postgres'));
  process.stdout.write(`${await addMember(urls.account ?? '', { userId, accountId, role })}\n`);
}

main().catch((cause: unknown) => {
  const problems = cause instanceof EnvironmentError ? cause.problems : [messageOf(cause)];
  process.stderr.write(`${problems.join('\n')}\n`);
  process.exitCode = 1;
});

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
