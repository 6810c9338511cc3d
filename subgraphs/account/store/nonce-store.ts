import type { ApiKeyId } from '#shared/domain/ids.ts';
import type { NonceStore } from '../identity/signed-requests.ts';
import type { AccountClient } from './account-client.ts';

const SWEEP_EVERY_MS = 60_000;

/** Used nonces in PostgreSQL, so that every process of this subgraph sees all of them. */
export class PostgresNonceStore implements NonceStore {
  readonly #client: AccountClient;
  #sweptAtMs = 0;

  constructor(client: AccountClient) {
    this.#client = client;
  }

  async take(keyId: ApiKeyId, nonce: string, time: { nowMs: number; untilMs: number }) {
    const data = [{ keyId, nonce, usedUntil: new Date(time.untilMs) }];
    const { count } = await this.#client.requestNonce.createMany({ data, skipDuplicates: true });
    await this.#sweep(time.nowMs);
    return count === 1;
  }

  /** Deletes nonces whose requests would be refused as too old. */
  async #sweep(nowMs: number): Promise<void> {
    if (nowMs - this.#sweptAtMs < SWEEP_EVERY_MS) return;
    this.#sweptAtMs = nowMs;
    await this.#client.requestNonce.deleteMany({ where: { usedUntil: { lt: new Date(nowMs) } } });
  }
}
