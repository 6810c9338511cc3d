import path from 'node:path';
import { parseArgs } from 'node:util';
import { EnvironmentError } from '#shared/environment/read-environment.ts';
import type { AccountRole } from '#shared/identity/viewer.ts';
import { readRunningUrls } from '../embedded/running-urls.ts';
import { readMigrateEnvironment } from '../migrate-environment.ts';
import { addMember } from './add-member.ts';
import { readSecretLine } from './read-secret-line.ts';
import { resetSecondFactor } from './reset-second-factor.ts';
import { setPassword } from './set-password.ts';

const ROLES: readonly AccountRole[] = ['OWNER', 'TRADER', 'VIEWER'];
const USAGE = `Usage: npm run member -- <user id> <account id> ${ROLES.join('|')} [--state .data]
       npm run member -- password <user id> [--state .data] (the new password on standard input)
       npm run member -- second-factor <user id> [--state .data] (removes a lost one)`;
const PROMPT = 'New password, which is not shown: ';

/**
 * `npm run member -- <user id> <account id> <role>`: makes a user a member of an account, typically
 * the house's. `npm run member -- password <user id>`: sets a user's password, read from standard input.
 * `npm run member -- second-factor <user id>`: removes a user's lost second factor.
 * `--state` names the folder of a desk that runs in one process; without it `ACCOUNT_DATABASE_URL` says where the
 * store is.
 */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { state: { type: 'string' } },
    allowPositionals: true,
  });
  const work = workOf(positionals);
  const urls =
    values.state === undefined
      ? Object.fromEntries(readMigrateEnvironment(['account']))
      : await readRunningUrls(path.join(values.state, 'postgres'));
  process.stdout.write(`${await work(urls.account ?? '')}\n`);
}

/** The requested work, as a function of the store's URL. @throws Error with the usage */
function workOf(positionals: readonly string[]): (databaseUrl: string) => Promise<string> {
  const [first, second, third, ...more] = positionals;
  if (first === undefined || second === undefined || more.length > 0) throw new Error(USAGE);
  if (first === 'password' && third === undefined)
    return async (databaseUrl) => {
      const password = await readSecretLine(process.stdin, PROMPT);
      return setPassword(databaseUrl, { userId: second, password });
    };
  if (first === 'second-factor' && third === undefined)
    return (databaseUrl) => resetSecondFactor(databaseUrl, second);
  const role = ROLES.find((each) => each === third);
  if (role === undefined) throw new Error(USAGE);
  return (databaseUrl) => addMember(databaseUrl, { userId: first, accountId: second, role });
}

main().catch((cause: unknown) => {
  const problems = cause instanceof EnvironmentError ? cause.problems : [messageOf(cause)];
  process.stderr.write(`${problems.join('\n')}\n`);
  process.exitCode = 1;
});

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
