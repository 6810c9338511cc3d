import type { AccountId } from '#shared/domain/ids.ts';
import type { FirmLevel, PriceLevel } from '../../domain/rfq/price-level.ts';

interface Standing {
  readonly level: FirmLevel;
  /** How often each account has taken the level. */
  readonly takes: Map<AccountId, number>;
}

/** The levels that are shown now, by the desk's id; replaced levels are not among them. */
export class StandingLevels {
  readonly #levels = new Map<string, Standing>();

  /** Undefined for a level that has moved and for one that never existed. */
  level(id: string): FirmLevel | undefined {
    return this.#levels.get(id)?.level;
  }

  /** How often an account has taken a level. */
  takes(id: string, accountId: AccountId): number {
    return this.#levels.get(id)?.takes.get(accountId) ?? 0;
  }

  /** An account takes a current level. */
  take(id: string, accountId: AccountId): void {
    this.#levels.get(id)?.takes.set(accountId, this.takes(id, accountId) + 1);
  }

  /** A ladder shows new levels now; those it still shows keep their counts. */
  replace(before: readonly PriceLevel[], after: readonly PriceLevel[]): void {
    const known = new Map<string, Standing>();
    for (const level of firmOf(before)) {
      const standing = this.#levels.get(level.id);
      if (standing !== undefined) known.set(level.id, standing);
      this.#levels.delete(level.id);
    }
    for (const level of firmOf(after)) {
      const takes = known.get(level.id)?.takes ?? new Map<AccountId, number>();
      this.#levels.set(level.id, { level, takes });
    }
  }
}

function firmOf(levels: readonly PriceLevel[]): readonly FirmLevel[] {
  return levels.flatMap((one) => (one.kind === 'firm' ? [one.level] : []));
}
