import path from 'node:path';
import { messageOf } from '#shared/domain/message-of.ts';
import { readRunningUrls } from './embedded/running-urls.ts';
import { readStoreEnvironment } from './store-environment.ts';
import type { StoreName } from './store-name.ts';

/**
 * The URLs of the stores that a command needs.
 * @param state the folder of a desk that runs in one process; without it, the environment names the stores
 * @throws Error if no desk runs there, or naming each variable that is missing
 */
export async function readStoreUrls<Name extends StoreName>(
  stores: readonly Name[],
  state: string | undefined,
): Promise<Readonly<Record<Name, string>>> {
  if (state !== undefined) return readRunningUrls(path.join(state, 'postgres'));
  try {
    return readStoreEnvironment(stores);
  } catch (cause) {
    throw new Error(`${messageOf(cause)}\nFor a desk that npm start runs, add --state .data`, {
      cause,
    });
  }
}
