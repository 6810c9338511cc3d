import { parseUnits } from '#shared/domain/decimal.ts';
import type { CandleRow } from '../domain/candles/candle-imports.ts';
import { parseJsonText } from '../feed/frames/json-text.ts';
import { plainNumber } from '../feed/frames/plain-number.ts';

/** A line of a file is not a candle; the message says what is wrong with it. */
class CandleRowError extends Error {
  override readonly name = 'CandleRowError';
}

/** Reads the next line; null for an empty line or one that only names the columns. */
export type ReadCandleRow = (line: string) => CandleRow | null;

type Column = keyof CandleRow;
type Cells = Readonly<Partial<Record<Column, unknown>>>;

/** Binance's order of columns, in its responses and in files without column names. */
const BINANCE_ORDER: readonly (Column | null)[] = [
  'openTimeMs',
  'open',
  'high',
  'low',
  'close',
  'volume',
  null,
  'quoteVolume',
  'tradeCount',
  'takerBuyVolume',
];

const NEEDED: readonly Column[] = ['openTimeMs', 'open', 'high', 'low', 'close'];

/** The names of each column in files, in lower case and without `_`, `-` and spaces. */
const NAMES: Readonly<Record<string, Column>> = {
  time: 'openTimeMs',
  timestamp: 'openTimeMs',
  opentime: 'openTimeMs',
  date: 'openTimeMs',
  open: 'open',
  high: 'high',
  low: 'low',
  close: 'close',
  volume: 'volume',
  quotevolume: 'quoteVolume',
  quoteassetvolume: 'quoteVolume',
  count: 'tradeCount',
  trades: 'tradeCount',
  tradecount: 'tradeCount',
  numberoftrades: 'tradeCount',
  takerbuyvolume: 'takerBuyVolume',
  takerbuybasevolume: 'takerBuyVolume',
  takerbuybaseassetvolume: 'takerBuyVolume',
};

/** The store's limits. */
const AMOUNT = /^\d{1,20}(?:\.\d{1,18})?$/;
const MOST_TRADES = 2 ** 31 - 1;
const DIGITS = /^\d{1,19}$/;
const ZONED = /(?:[Zz]|UTC|GMT|:\d\d(?:\.\d+)?\s*[+-]\d\d:?\d\d)$/;
/** Units of epoch times by size: the smallest time in that unit, and how many units make a millisecond. */
const UNITS: readonly (readonly [from: number, perMillisecond: number])[] = [
  [1e17, 1e6],
  [1e14, 1000],
  [1e11, 1],
  [0, 0.001],
];

/**
 * Makes a reader for files of candles: CSV with column names, CSV in Binance's order without names, or
 * one JSON object or array per line.
 */
export function candleRowReader(): ReadCandleRow {
  let columns: readonly (Column | null)[] = BINANCE_ORDER;
  let isFirst = true;
  return (line) => {
    const text = line.trim();
    if (text === '') return null;
    const wasFirst = isFirst;
    isFirst = false;
    if (text.startsWith('{') || text.startsWith('[')) return rowOf(jsonCells(text));
    const values = text.split(',');
    if (wasFirst && /^"?[A-Za-z_]/.test(text)) {
      columns = namedColumns(values);
      return null;
    }
    return rowOf(cellsOf(columns, values));
  };
}

function namedColumns(names: readonly string[]): readonly (Column | null)[] {
  const columns = names.map((name) => NAMES[plainName(name)] ?? null);
  const missing = NEEDED.filter((column) => !columns.includes(column));
  if (missing.length > 0) throw new CandleRowError(`it names no ${missing.join(', no ')}`);
  return columns;
}

function jsonCells(text: string): Cells {
  // Keeps all digits of amounts that are JSON numbers.
  const value = parseJsonText(text);
  if (Array.isArray(value)) return cellsOf(BINANCE_ORDER, value as readonly unknown[]);
  const named = Object.entries(value as object).flatMap(([name, cell]) => {
    const column = NAMES[plainName(name)];
    return column === undefined ? [] : [[column, cell as unknown] as const];
  });
  return Object.fromEntries(named);
}

function cellsOf(columns: readonly (Column | null)[], values: readonly unknown[]): Cells {
  const cells: Partial<Record<Column, unknown>> = {};
  columns.forEach((column, index) => {
    if (column !== null) cells[column] = values[index];
  });
  return cells;
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, '');
}

function rowOf(cells: Cells): CandleRow {
  const row = {
    openTimeMs: timeOf(cells.openTimeMs),
    open: amountText(cells, 'open'),
    high: amountText(cells, 'high'),
    low: amountText(cells, 'low'),
    close: amountText(cells, 'close'),
    volume: amountText(cells, 'volume'),
    quoteVolume: amountText(cells, 'quoteVolume'),
    tradeCount: countOf(amountText(cells, 'tradeCount')),
    takerBuyVolume: amountText(cells, 'takerBuyVolume'),
  };
  const [high, low] = [unitsOf(row.high), unitsOf(row.low)];
  if (low <= 0n) throw new CandleRowError('a price of it is none');
  for (const price of [unitsOf(row.open), unitsOf(row.close)])
    if (price < low || price > high)
      throw new CandleRowError('its low or high is not the lowest or highest of its prices');
  return row;
}

/** A missing amount is 0, which is not a valid price. */
function amountText(cells: Cells, column: Column): string {
  const cell = cells[column];
  // Programs write small amounts with an exponent.
  const text = cell === undefined || cell === null || cell === '' ? '0' : plainNumber(textOf(cell));
  if (!AMOUNT.test(text))
    throw new CandleRowError(`its ${column} ${JSON.stringify(text)} is not an amount`);
  return text;
}

/** Some files write a count with a point. */
function countOf(text: string): number {
  const count = Math.trunc(Number(text));
  if (count <= MOST_TRADES) return count;
  throw new CandleRowError(`its tradeCount ${text} is more than ${MOST_TRADES}`);
}

/** A cell as text; anything but text or a number becomes JSON, for the error message. */
function textOf(cell: unknown): string {
  return typeof cell === 'string' ? cell : JSON.stringify(cell ?? '');
}

function unitsOf(text: string): bigint {
  return parseUnits(text) ?? 0n;
}

function timeOf(cell: unknown): number {
  const text = textOf(cell);
  if (DIGITS.test(text)) {
    const count = Number(text);
    const [, perMillisecond] = UNITS.find(([from]) => count >= from) ?? [0, 1];
    return Math.round(count / perMillisecond);
  }
  // Date.parse would read a time without a zone in this machine's zone.
  const milliseconds = Date.parse(ZONED.test(text) ? text : `${text}Z`);
  if (Number.isNaN(milliseconds)) throw new CandleRowError(`${JSON.stringify(text)} is not a time`);
  return milliseconds;
}
