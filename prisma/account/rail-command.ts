import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { runCommand } from '#shared/command/run-command.ts';
import { readStoreUrls } from '../store-urls.ts';
import { railTrail, setRail } from './set-rail.ts';

const RAILS = { deposits: 'DEPOSITS', withdrawals: 'WITHDRAWALS' } as const;
const USAGE = `Usage: npm run rail -- <asset> deposits|withdrawals suspend <reason> [--by <name>] [--state .data]
       npm run rail -- <asset> deposits|withdrawals resume [--by <name>] [--state .data]
       npm run rail -- [<asset>] [--state .data] (lists what was suspended and resumed, and by whom)`;

/**
 * `npm run rail -- <asset> deposits|withdrawals suspend <reason>`: the desk takes no deposits of an asset, or sends no
 * withdrawals of it, until `npm run rail -- <asset> deposits|withdrawals resume`. `npm run rail` lists who did that, and
 * when: `--by`, or the user of the operating system.
 */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { state: { type: 'string' }, by: { type: 'string' } },
    allowPositionals: true,
  });
  const work = workOf(positionals, values.by);
  const { account } = await readStoreUrls(['account'], values.state);
  process.stdout.write(`${await work(account)}\n`);
}

/** The requested work, as a function of the store's URL. @throws Error with the usage */
function workOf(
  positionals: readonly string[],
  by: string | undefined,
): (databaseUrl: string) => Promise<string> {
  const [asset, name, change, reason = null, ...more] = positionals;
  if (name === undefined && by === undefined)
    return (databaseUrl) => railTrail(databaseUrl, asset ?? null);
  const [, rail] = Object.entries(RAILS).find(([each]) => each === name) ?? [];
  const isSound = change === 'suspend' ? reason !== null : change === 'resume' && reason === null;
  if (asset === undefined || rail === undefined || !isSound || more.length > 0)
    throw new Error(USAGE);
  const operator = by ?? nameOfUser();
  return (databaseUrl) => setRail(databaseUrl, { asset, rail, reason, operator });
}

/** The user of the operating system. In a container it may be a number without a name, which must not stop anyone. */
function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}

runCommand(main);
