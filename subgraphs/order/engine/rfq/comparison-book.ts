import type { ComparisonTokenId, RfqId } from '#shared/domain/ids.ts';
import type { ComparisonToken } from '../../domain/rfq/comparison-token.ts';

/** How long a token is remembered after it has expired, so that it is said why it is refused, in milliseconds. */
const KEPT_MS = 60_000;

/** The tokens of comparisons in memory, as long as somebody may show them. */
export class ComparisonBook {
  /** By age. */
  readonly #tokens = new Map<ComparisonTokenId, ComparisonToken>();
  readonly #ofRfqs = new Map<RfqId, ComparisonTokenId>();

  /** @param tokens the oldest first */
  constructor(tokens: readonly ComparisonToken[]) {
    for (const token of tokens) this.#set(token);
  }

  /** Undefined for an unknown one as for one that is long over. */
  token(id: ComparisonTokenId): ComparisonToken | undefined {
    return this.#tokens.get(id);
  }

  /** The one token of a request. */
  tokenOf(rfqId: RfqId): ComparisonToken | undefined {
    const id = this.#ofRfqs.get(rfqId);
    return id === undefined ? undefined : this.#tokens.get(id);
  }

  /**
   * Remembers a token as it is now, and forgets what is long over.
   * @param isLive whether a request may still be compared: its token is not forgotten
   */
  keep(token: ComparisonToken, nowMs: number, isLive: (rfqId: RfqId) => boolean): void {
    this.#set(token);
    for (const { id, rfqId, expiresAt } of this.#tokens.values()) {
      if (expiresAt + KEPT_MS > nowMs) break;
      if (isLive(rfqId)) continue;
      this.#tokens.delete(id);
      this.#ofRfqs.delete(rfqId);
    }
  }

  #set(token: ComparisonToken): void {
    this.#tokens.set(token.id, token);
    this.#ofRfqs.set(token.rfqId, token.id);
  }
}
