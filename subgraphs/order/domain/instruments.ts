import type { Instrument, InstrumentStatus } from '#shared/domain/instrument.ts';
import type { InstrumentSymbol } from '#shared/domain/ids.ts';

/** The instruments as last heard of; market-data owns them. */
export interface Instruments {
  /** From memory; undefined for an unknown one. */
  get(symbol: InstrumentSymbol): Instrument | undefined;
  /**
   * As {@link Instruments.get}, but asks market-data again before it says that one is unknown.
   * @throws when market-data does not answer, so that an outage is not told as an unknown symbol
   */
  find(symbol: InstrumentSymbol): Promise<Instrument | undefined>;
  /** Market-data has said whether one takes orders: sooner than its description is read again. */
  hearStatus(symbol: InstrumentSymbol, status: InstrumentStatus): void;
}
