import type { Instrument, InstrumentStatus } from '#shared/domain/instrument.ts';
import type { InstrumentSymbol } from '#shared/domain/ids.ts';

/** The instruments as last received; market-data owns them. */
export interface Instruments {
  /** From memory; undefined for an unknown one. */
  get(symbol: InstrumentSymbol): Instrument | undefined;
  /**
   * Like {@link Instruments.get}, but asks market-data again before it reports one as unknown.
   * @throws if market-data does not answer, so that an outage does not look like an unknown
   *   symbol
   */
  find(symbol: InstrumentSymbol): Promise<Instrument | undefined>;
  /**
   * Market-data has announced whether one accepts orders, sooner than its description is read
   * again.
   */
  hearStatus(symbol: InstrumentSymbol, status: InstrumentStatus): void;
}
