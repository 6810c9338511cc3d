import type { BookLevels, Level } from '../domain/level.ts';
import { FrameCursor } from './frame-cursor.ts';

/** A book message of Coinbase Exchange as its fields. */
export type CoinbaseFrame =
  | ({ readonly kind: 'snapshot'; readonly product: string } & BookLevels)
  | ({ readonly kind: 'update'; readonly product: string; readonly time: string } & BookLevels);

/** Reads a book message in the layout that the venue has always used; null for any other. */
export function coinbaseFrame(text: string): CoinbaseFrame | null {
  const cursor = new FrameCursor(text);
  const isUpdate = cursor.isNext('{"type":"l2update","product_id":"');
  if (!isUpdate && !cursor.isNext('{"type":"snapshot","product_id":"')) return null;
  const frame = isUpdate ? updateFrame(cursor) : snapshotFrame(cursor);
  cursor.skip('}');
  return cursor.isDone ? frame : null;
}

function updateFrame(cursor: FrameCursor): CoinbaseFrame {
  const product = cursor.word();
  const bids: Level[] = [];
  const asks: Level[] = [];
  cursor.skip(',"changes":[');
  do {
    const isBid = cursor.isNext('["buy","');
    if (!isBid) cursor.skip('["sell","');
    const price = cursor.price();
    cursor.skip('","');
    (isBid ? bids : asks).push({ price, quantity: cursor.quantity() });
    cursor.skip('"]');
  } while (cursor.isNext(','));
  cursor.skip('],"time":"');
  return { kind: 'update', product, bids, asks, time: cursor.word() };
}

function snapshotFrame(cursor: FrameCursor): CoinbaseFrame {
  const product = cursor.word();
  cursor.skip(',"asks":');
  const asks = cursor.levels();
  cursor.skip(',"bids":');
  return { kind: 'snapshot', product, asks, bids: cursor.levels() };
}
