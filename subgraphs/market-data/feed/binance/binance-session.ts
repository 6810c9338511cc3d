import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import { BinanceSpotDecoder } from './binance-spot-decoder.ts';
import { parseFrame } from '../frames/frame-fields.ts';
import type { RecordedMoment, RecordedSession } from '../recording/recorded-session.ts';
import type { RecordedLine, Recording } from '../recording/recording.ts';

/** A folder of raw frames of Binance Spot, one file per instrument and day. */
export class BinanceSession implements RecordedSession {
  readonly venue = 'binance';
  readonly #recording: Recording;
  readonly #symbols: ReadonlyMap<string, InstrumentSymbol>;

  /** @param symbols the venue's symbol → ours */
  constructor(recording: Recording, symbols: ReadonlyMap<string, InstrumentSymbol>) {
    this.#recording = recording;
    this.#symbols = symbols;
  }

  async *moments(): AsyncGenerator<RecordedMoment, void> {
    const decoder = new BinanceSpotDecoder(this.#symbols);
    for await (const line of this.#recording.lines())
      yield { atMs: Number(line.receivedNs.slice(0, -6)), decode: () => eventsOf(decoder, line) };
  }
}

/** Only a response to a request for a book names no stream. */
function eventsOf(decoder: BinanceSpotDecoder, { venueSymbol, json }: RecordedLine) {
  return json.startsWith('{"lastUpdateId"')
    ? decoder.snapshot(venueSymbol, parseFrame(json))
    : decoder.sent(json);
}
