import type { Instrument } from '#shared/domain/instrument.ts';
import type { ComparisonToken } from '../../domain/rfq/comparison-token.ts';
import type { CompareCommand, Comparison, Comparisons } from '../../domain/rfq/comparison.ts';
import { isFirm, quoteSideFor } from '../../domain/rfq/rfq-quote.ts';
import { isLive } from '../../domain/rfq/rfq.ts';
import type { Journal } from '../journal.ts';
import { previewNewOrder } from '../preview-order.ts';
import type { PreviewQueue } from '../preview-queue.ts';
import type { Turn } from '../turn.ts';

/** Compares the book with the desk's quote, as turns of the journal. */
export class ComparisonEngine implements Comparisons {
  readonly #journal: Journal;
  readonly #previews: PreviewQueue;

  constructor(options: {
    readonly journal: Journal;
    /** The same as for previews of orders. */
    readonly previews: PreviewQueue;
  }) {
    this.#journal = options.journal;
    this.#previews = options.previews;
  }

  compare(command: CompareCommand, instrument: Instrument): Promise<Comparison> {
    return this.#previews.run(command.order, () =>
      this.#journal.run((turn) => this.#compare(turn, command, instrument)),
    );
  }

  #compare(turn: Turn, { order, rfqId, ...command }: CompareCommand, instrument: Instrument) {
    const { book } = turn.rfqs;
    const rfq = book.rfq(rfqId);
    const isOpen = rfq !== undefined && isLive(rfq);
    const firm = book
      .quotes(rfqId)
      .filter((one) => isFirm(one, turn.now) && quoteSideFor(order.side, one) !== null);
    const made = () => newToken(turn, { order, rfqId, ...command });
    return {
      book: previewNewOrder(turn, order, instrument),
      quote: isOpen ? (firm.at(-1) ?? null) : null,
      token: book.comparisons.tokenOf(rfqId) ?? (isOpen ? made() : null),
    };
  }
}

function newToken(turn: Turn, { order, rfqId, tokenId }: CompareCommand): ComparisonToken {
  const { accountId, symbol, side, quantity } = order;
  const expiresAt = turn.now + turn.rfqs.settings.comparisonLifeMs;
  const token = {
    id: tokenId,
    rfqId,
    accountId,
    symbol,
    side,
    quantity,
    expiresAt,
    usedBy: null,
  };
  turn.rfqs.keepComparison(token);
  return token;
}
