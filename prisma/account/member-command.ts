import { parseArgs } from 'node:util';
import { runCommand } from '#shared/command/run-command.ts';
import type { AccountRole } from '#shared/identity/viewer.ts';
import { readStoreUrls } from '../store-urls.ts';
import { addMember } from './add-member.ts';
import { endCredentials } from './end-credentials.ts';
import { findUser } from './find-user.ts';
import { readSecretLine } from './read-secret-line.ts';
import { resetSecondFactor } from './reset-second-factor.ts';
import { setPassword } from './set-password.ts';

const ROLES: readonly AccountRole[] = ['OWNER', 'TRADER', 'VIEWER'];
const USAGE = `Usage: npm run member -- <user id> <account id> ${ROLES.join('|')} [--state .data]
       npm run member -- find <e-mail address> [--state .data] (shows the user id and accounts)
       npm run member -- password <user id> [--state .data] (the new password on standard input)
       npm run member -- second-factor <user id> [--state .data] (removes a lost one)
       npm run member -- credentials <user id> [--state .data] (ends all sessions and API keys)`;
const PROMPT = 'New password, which is not shown: ';

/**
 * `npm run member -- <user id> <account id> <role>`: makes a user a member of an account, typically
 * the house's. `npm run member -- find <e-mail address>`: shows the id and the accounts of a user.
 * `npm run member -- password <user id>`: sets a user's password, read from standard input.
 * `npm run member -- second-factor <user id>`: removes a user's lost second factor.
 * `npm run member -- credentials <user id>`: ends all of a user's sessions and API keys.
 */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { state: { type: 'string' } },
    allowPositionals: true,
  });
  const work = workOf(positionals);
  const { account } = await readStoreUrls(['account'], values.state);
  process.stdout.write(`${await work(account)}\n`);
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
  if (first === 'find' && third === undefined)
    return (databaseUrl) => findUser(databaseUrl, second);
  if (first === 'second-factor' && third === undefined)
    return (databaseUrl) => resetSecondFactor(databaseUrl, second);
  if (first === 'credentials' && third === undefined)
    return (databaseUrl) => endCredentials(databaseUrl, second);
  const role = ROLES.find((each) => each === third);
  if (role === undefined) throw new Error(USAGE);
  return (databaseUrl) => addMember(databaseUrl, { userId: first, accountId: second, role });
}

runCommand(main);
