import { parseArgs } from 'node:util';
import { runCommand } from '#shared/command/run-command.ts';
import { readStoreUrls } from '../store-urls.ts';
import { setRail } from './set-rail.ts';

const RAILS = { deposits: 'DEPOSITS', withdrawals: 'WITHDRAWALS' } as const;
const USAGE = `Usage: npm run rail -- <asset> deposits|withdrawals suspend <reason> [--state .data]
       npm run rail -- <asset> deposits|withdrawals resume [--state .data]`;

/**
 * `npm run rail -- <asset> deposits|withdrawals suspend <reason>`: the desk takes no deposits of an asset, or sends no
 * withdrawals of it, until `npm run rail -- <asset> deposits|withdrawals resume`.
 */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { state: { type: 'string' } },
    allowPositionals: true,
  });
  const [asset, name, change, reason = null, ...more] = positionals;
  const [, rail] = Object.entries(RAILS).find(([each]) => each === name) ?? [];
  const isSound = change === 'suspend' ? reason !== null : change === 'resume' && reason === null;
  if (asset === undefined || rail === undefined || !isSound || more.length > 0)
    throw new Error(USAGE);
  const { account } = await readStoreUrls(['account'], values.state);
  process.stdout.write(`${await setRail(account, { asset, rail, reason })}\n`);
}

runCommand(main);
