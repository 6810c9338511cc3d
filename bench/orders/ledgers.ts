import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { systemClock } from '#shared/domain/clock.ts';
import { parseAssetCode, parseTransferId, trusted, type AccountId } from '#shared/domain/ids.ts';
import { parseMoney, ZERO_MONEY } from '#shared/domain/money.ts';
import { MemoryEventBus } from '#shared/events/memory-event-bus.ts';
import { openAccountStores } from '../../subgraphs/account/store/open-account-stores.ts';

const CONNECTIONS = 15;
const MIN_PAUSE_MS = 10;
const MAX_PAUSE_MS = 200;
const RETRY_STATES: ReadonlySet<unknown> = new Set(['40001', '40P01']);

/** Moves one USDT. @throws Error unless it was moved */
type Transfer = (from: AccountId, to: AccountId) => Promise<void>;

/** A way to move money. */
export interface BenchLedger {
  readonly transfer: Transfer;
  close(): Promise<void>;
}

/** Ours: double entry, with balance events and answers, and one statement for all waiting commands. */
export function openOurLedger(databaseUrl: string): BenchLedger {
  const bus = new MemoryEventBus();
  const onConnectionError = () => undefined;
  const stores = openAccountStores({ databaseUrl, bus, clock: systemClock, onConnectionError });
  const [asset, amount] = [trusted(parseAssetCode, 'USDT'), parseMoney('1') ?? ZERO_MONEY];
  return {
    transfer: async (from, to) => {
      const transferId = trusted(parseTransferId, randomUUID());
      const command = { kind: 'transfer', transferId, from, to, asset, amount } as const;
      const [answer] = await stores.ledger.run('bench', [command]);
      if (answer?.kind !== 'answered' || answer.outcome.kind !== 'applied')
        throw new Error(`A transfer was not applied: ${answer?.kind}`);
    },
    close: async () => {
      await stores.close();
      await bus.dispose();
    },
  };
}

/**
 * The two usual ways, on two columns of the same table. They write only the balances, which favors
 * them.
 */
export function openPlainLedger(
  databaseUrl: string,
  way: 'forUpdate' | 'serializable',
): BenchLedger {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: CONNECTIONS });
  pool.on('error', () => undefined);
  const begin = way === 'serializable' ? 'BEGIN ISOLATION LEVEL SERIALIZABLE' : 'BEGIN';
  const lock = way === 'serializable' ? '' : 'FOR UPDATE';
  const attempt = async (from: AccountId, to: AccountId): Promise<boolean> => {
    const client = await pool.connect();
    try {
      await client.query(begin);
      await client.query(
        `SELECT account_id, free FROM balances
         WHERE asset_code = 'USDT' AND account_id = ANY($1) ORDER BY account_id ${lock}`,
        [[from, to]],
      );
      await client.query(
        `UPDATE balances SET total = total + d, free = free + d
         FROM (VALUES ($1, -1), ($2, 1)) AS v(id, d) WHERE account_id = v.id AND asset_code = 'USDT'`,
        [from, to],
      );
      await client.query('COMMIT');
      return true;
    } catch (cause) {
      await client.query('ROLLBACK');
      if (cause instanceof pg.DatabaseError && RETRY_STATES.has(cause.code)) return false;
      throw cause;
    } finally {
      client.release();
    }
  };
  return {
    transfer: async (from, to) => {
      // With a pause, like the desk's own: without one, the next attempt collides with the same rival.
      for (let tries = 1; !(await attempt(from, to)); tries += 1) {
        const limitMs = Math.min(MAX_PAUSE_MS, MIN_PAUSE_MS * 2 ** tries);
        await sleep(MIN_PAUSE_MS + Math.random() * (limitMs - MIN_PAUSE_MS));
      }
    },
    close: () => pool.end(),
  };
}
