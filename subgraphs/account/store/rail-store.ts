import { type AssetCode, parseAssetCode, trusted } from '#shared/domain/ids.ts';
import type { Rail, RailReads, RailSuspension } from '../domain/rail.ts';
import type { AccountClient } from './account-client.ts';

/** Suspended rails in PostgreSQL. They are read with every movement, so a change holds from the next one on. */
export class RailStore implements RailReads {
  readonly #client: AccountClient;

  constructor(client: AccountClient) {
    this.#client = client;
  }

  async suspensionsOf(assets: readonly AssetCode[]) {
    const rows = await this.#client.railSuspension.findMany({
      where: { assetCode: { in: [...assets] } },
    });
    return rows.map(({ assetCode, rail, reason, since }): RailSuspension => ({
      asset: trusted(parseAssetCode, assetCode),
      rail,
      reason,
      sinceMs: since.getTime(),
    }));
  }

  /** Suspends a rail of an asset that there is. One that is suspended gets the new reason, and keeps its time. */
  async suspend({ asset: assetCode, rail, reason, sinceMs }: RailSuspension): Promise<void> {
    await this.#client.railSuspension.upsert({
      where: { assetCode_rail: { assetCode, rail } },
      create: { assetCode, rail, reason, since: new Date(sinceMs) },
      update: { reason },
    });
  }

  /** @returns whether it was suspended */
  async resume(assetCode: AssetCode, rail: Rail): Promise<boolean> {
    const { count } = await this.#client.railSuspension.deleteMany({ where: { assetCode, rail } });
    return count > 0;
  }
}
