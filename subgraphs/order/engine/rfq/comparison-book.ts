import type { ComparisonTokenId, RfqId } from '#shared/domain/ids.ts';
import type { ComparisonToken } from '../../domain/rfq/comparison-token.ts';

/** How long an expired token is remembered, so that its refusal can state the reason, in milliseconds. */
const KEPT_MS = 60_000;

/** The in-memory tokens of comparisons, kept while a client can still show them. */
export class ComparisonBook {
  /** Oldest first. */
  readonly #tokens = new Map<ComparisonTokenId, ComparisonToken>();
  readonly #ofRfqs = new Map<RfqId, ComparisonTokenId>();

  /** @param tokens the oldest first */
  constructor(tokens: readonly ComparisonToken[]) {
    for (const token of tokens) this.#set(token);
  }

  /** Undefined for an unknown token, and for one that expired long ago. */
  token(id: ComparisonTokenId): ComparisonToken | undefined {
    return this.#tokens.get(id);
  }

  /** The one token of a request. */
  tokenOf(rfqId: RfqId): ComparisonToken | undefined {
    const id = this.#ofRfqs.get(rfqId);
    return id === undefined ? undefined : this.#tokens.get(id);
  }

  /**
   * Stores the current state of a token, and forgets tokens that expired long ago.
   * @param isLive whether a request can still be compared, so that its token is kept
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
