import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

/** Where the real recordings lie: `DATA_DIR`, or `../shared/data` beside the project. */
const dataDirectory =
  process.env['DATA_DIR'] ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url));

/** The folder of raw Binance Spot frames, or null (and a line saying so) if it is not there. */
export function binanceRecording(): string | null {
  const folder = `${dataDirectory}/binance-spot`;
  if (existsSync(folder)) return folder;
  console.warn(`Skipped: the recordings are not at ${folder}; name their folder in DATA_DIR.`);
  return null;
}

/** One bookTicker as the venue sent it, its digits untouched. */
export interface RecordedQuote {
  readonly bidPrice: string;
  readonly bidQuantity: string;
  readonly askPrice: string;
  readonly askQuantity: string;
}

/** Every bookTicker of one venue symbol in the order it was recorded, read without our decoders. */
export function recordedQuotes(folder: string, venueSymbol: string): readonly RecordedQuote[] {
  const files = readdirSync(folder)
    .filter((file) => file.startsWith(`spot_${venueSymbol}_`))
    .sort();
  const quotes: RecordedQuote[] = [];
  for (const file of files) {
    for (const line of gunzipSync(readFileSync(`${folder}/${file}`))
      .toString('utf8')
      .split('\n')) {
      if (!line.includes('@bookTicker"')) continue;
      const { data } = JSON.parse(line.slice(line.indexOf(' ') + 1)) as {
        data: { b: string; B: string; a: string; A: string };
      };
      quotes.push({ bidPrice: data.b, bidQuantity: data.B, askPrice: data.a, askQuantity: data.A });
    }
  }
  return quotes;
}
