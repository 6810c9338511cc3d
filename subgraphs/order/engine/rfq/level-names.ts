import { createHmac, randomBytes } from 'node:crypto';
import { type AccountId, parseQuoteId, type QuoteId, trusted } from '#shared/domain/ids.ts';

const MARK_DIGITS = 16;
const NAME = /^(.+)\.([0-9a-f]{16})\.(0|[1-9]\d{0,5})$/;

/** What the name of a level says. */
export interface LevelName {
  readonly levelId: string;
  /** How often the account had taken this level before. */
  readonly takes: number;
}

/**
 * The ids under which one account knows levels. A level is shared, and its names are not: each has the mark of its
 * account, so that another account's name of it is none, and it has a new one each time the account has taken it.
 */
export class LevelNames {
  readonly #mark: string;

  /** @param secret of the process: names are of no use after it, when their levels are over */
  constructor(secret: Buffer, accountId: AccountId) {
    const mac = createHmac('sha256', secret).update(accountId).digest('hex');
    this.#mark = mac.slice(0, MARK_DIGITS);
  }

  /** The account's name for a level that it has taken this often. */
  nameOf({ levelId, takes }: LevelName): QuoteId {
    return trusted(parseQuoteId, `${levelId}.${this.#mark}.${takes}`);
  }

  /** What a name says to this account; null for one that was never told to it. */
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
