import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** `spot_btcusdt_20240808.gz`: the instrument and the day. */
const RECORDING_FILE = /^(?<stem>.*_(?<symbol>[a-z0-9]+))_\d{8}\.gz$/;

/** One recorded line: the time of receipt, and the message exactly as sent. */
export interface RecordedLine {
  /** The venue's symbol from the file name, in capitals. */
  readonly venueSymbol: string;
  /** Nanoseconds since the epoch, 19 digits: comparing the texts compares the times. */
  readonly receivedNs: string;
  readonly json: string;
}

/** The files of one instrument, oldest first. */
interface RecordedInstrument {
  readonly venueSymbol: string;
  readonly paths: readonly string[];
}

/** A folder of recorded sessions; an instrument's daily files follow each other without a break. */
export class Recording {
  readonly #instruments: readonly RecordedInstrument[];

  private constructor(instruments: readonly RecordedInstrument[]) {
    this.#instruments = instruments;
  }

  /** @throws Error with one clear sentence if the folder is missing or holds no recording */
  static async open(folder: string): Promise<Recording> {
    const names = await readdir(folder).catch(() => null);
    if (names === null) throw new Error(`The recordings folder ${folder} could not be read.`);
    const files = names.sort().flatMap((name) => {
      const match = RECORDING_FILE.exec(name);
      const { stem = '', symbol = '' } = match?.groups ?? {};
      return match === null ? [] : [{ stem, venueSymbol: symbol.toUpperCase(), name }];
    });
    if (files.length === 0)
      throw new Error(`The folder ${folder} holds no recording named <name>_<symbol>_<day>.gz.`);
    const instruments = new Map<string, RecordedInstrument>();
    for (const { stem, venueSymbol, name } of files) {
      const paths = [...(instruments.get(stem)?.paths ?? []), join(folder, name)];
      instruments.set(stem, { venueSymbol, paths });
    }
    return new Recording([...instruments.values()]);
  }

  /** Every line of every instrument, in the order of receipt. */
  async *lines(): AsyncGenerator<RecordedLine, void> {
    const sources = this.#instruments.map((instrument) => new LineSource(instrument));
    try {
      for (;;) {
        const earliest = await earliestOf(sources);
        if (earliest === null) return;
        yield earliest.take();
      }
    } finally {
      for (const source of sources) await source.close();
    }
  }
}

/** The source with the earliest next line; null when all are at their end. */
async function earliestOf(sources: readonly LineSource[]): Promise<LineSource | null> {
  let earliest: LineSource | null = null;
  for (const source of sources) {
    if (source.isBehind) await source.fill();
    const isEarlier = (earliest?.head?.receivedNs ?? '~') > (source.head?.receivedNs ?? '~');
    if (isEarlier) earliest = source;
  }
  return earliest;
}

/** The lines of one instrument across its files, read one decompressed chunk at a time. */
class LineSource {
  readonly #chunks: AsyncGenerator<RecordedLine[], void>;
  #lines: RecordedLine[] = [];
  #next = 0;
  #isOver = false;

  constructor(instrument: RecordedInstrument) {
    this.#chunks = readChunks(instrument);
  }

  /** The next line; undefined at the end, or when {@link isBehind}. */
  get head(): RecordedLine | undefined {
    return this.#lines[this.#next];
  }

  /** Whether {@link head} is unknown until more is read. */
  get isBehind(): boolean {
    return this.head === undefined && !this.#isOver;
  }

  async fill(): Promise<void> {
    while (this.isBehind) {
      const { value, done } = await this.#chunks.next();
      this.#isOver = done === true;
      this.#lines = value ?? [];
      this.#next = 0;
    }
  }

  take(): RecordedLine {
    this.#next += 1;
    return this.#lines[this.#next - 1] as RecordedLine;
  }

  async close(): Promise<void> {
    await this.#chunks.return();
  }
}

async function* readChunks({ venueSymbol, paths }: RecordedInstrument) {
  for (const path of paths) {
    let rest = '';
    const text = createGunzip().setEncoding('utf8');
    // The reader below receives a failure of either end; the pipeline only closes both.
    pipeline(createReadStream(path), text, () => undefined);
    for await (const chunk of text as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      yield lines.map((line) => parseLine(venueSymbol, line));
    }
    if (rest !== '') yield [parseLine(venueSymbol, rest)];
  }
}

function parseLine(venueSymbol: string, line: string): RecordedLine {
  const space = line.indexOf(' ');
  return { venueSymbol, receivedNs: line.slice(0, space), json: line.slice(space + 1) };
}
