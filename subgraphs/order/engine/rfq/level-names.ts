import { createHmac, randomBytes } from 'node:crypto';
import { type AccountId, parseQuoteId, type QuoteId, trusted } from '#shared/domain/ids.ts';

const MARK_DIGITS = 16;
const NAME = /^(.+)\.([0-9a-f]{16})\.(0|[1-9]\d{0,5})$/;

/** What an account's id for a level says. */
export interface LevelName {
  readonly levelId: string;
  /** How often the account had taken this level before. */
  readonly takes: number;
}

/**
 * The ids by which accounts know levels. A level is shared, but its ids are not: each has the mark of
 * its account, so it is invalid for any other, and the account gets a new one each time it has taken
 * the level.
 */
export class LevelNames {
  readonly #mark: string;

  /** @param secret of this process: the ids end with it, as their levels do */
  constructor(secret: Buffer, accountId: AccountId) {
    const mac = createHmac('sha256', secret).update(accountId).digest('hex');
    this.#mark = mac.slice(0, MARK_DIGITS);
  }

  /** The account's id for a level that it has taken this many times. */
  nameOf({ levelId, takes }: LevelName): QuoteId {
    return trusted(parseQuoteId, `${levelId}.${this.#mark}.${takes}`);
  }

  /** Reads an id for this account; null for one that the account never got. */
  read(name: QuoteId): LevelName | null {
    const [, levelId, mark, takes] = NAME.exec(name) ?? [];
    if (levelId === undefined || mark !== this.#mark) return null;
    return { levelId, takes: Number(takes) };
  }
}

/** A secret for {@link LevelNames}. */
export function newLevelSecret(): Buffer {
  return randomBytes(32);
}
