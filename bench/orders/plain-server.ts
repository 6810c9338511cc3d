import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PrismaPg } from '@prisma/adapter-pg';
import { type Prisma, PrismaClient } from '../../subgraphs/order/__generated__/prisma/client.ts';
import { answerParent } from '../processes/answer-parent.ts';
import type { BenchOrder } from './doors.ts';

const SYMBOL = 'BTC-USDT';
const FEE_RATE = '0.001';
const CONNECTIONS = 10;

type PlainOrder = BenchOrder & { readonly accountId: string };
type Transaction = Prisma.TransactionClient;

/**
 * The obvious implementation of orders: one interactive transaction per order, on tables like ours
 * with an index for its search, and a row lock on the best opposite order. It has no ledger, so it
 * does less than ours.
 */
answerParent({
  listen: async ({ orderUrl }: { readonly orderUrl: string }) => {
    const adapter = new PrismaPg({ connectionString: orderUrl, max: CONNECTIONS });
    const prisma = new PrismaClient({ adapter });
    const server = createServer((request, response) => {
      void readOrder(request)
        .then((order) => prisma.$transaction((tx) => place(tx, order), { maxWait: 20_000 }))
        .then(
          (id) => response.end(JSON.stringify({ id })),
          (cause: unknown) => response.writeHead(500).end(String(cause)),
        );
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  },
});

async function readOrder(request: IncomingMessage): Promise<PlainOrder> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as PlainOrder;
}

async function place(tx: Transaction, order: PlainOrder): Promise<string> {
  const { accountId, clientOrderId } = order;
  const known = await tx.order.findUnique({
    where: { accountId_clientOrderId: { accountId, clientOrderId } },
  });
  if (known !== null) return known.id;
  const opposite = order.side === 'BUY' ? 'SELL' : 'BUY';
  const [maker] = await tx.$queryRaw<{ id: string; account_id: string }[]>`
    SELECT id, account_id FROM orders
    WHERE symbol = ${SYMBOL} AND side = ${opposite}::"OrderSide" AND status = 'ACCEPTED'
      AND limit_price = ${order.limitPrice}::numeric AND quantity = ${order.quantity}::numeric
    ORDER BY priority LIMIT 1 FOR UPDATE SKIP LOCKED`;
  const id = randomUUID();
  await createOrder(tx, id, order, maker !== undefined);
  if (maker === undefined) return id;
  await tx.order.update({
    where: { id: maker.id },
    data: {
      ...{ status: 'FILLED', filledQuantity: order.quantity, priority: null, holdRemaining: 0 },
      ...{ closedAt: new Date(), updatedAt: new Date() },
    },
  });
  const tradeId = randomUUID();
  await fill(tx, { id, accountId, tradeId, liquiditySide: 'TAKER' }, order);
  const makerOrder = { ...order, side: opposite } as const;
  const theirs = { id: maker.id, accountId: maker.account_id, tradeId } as const;
  await fill(tx, { ...theirs, liquiditySide: 'MAKER' }, makerOrder);
  return id;
}

async function createOrder(tx: Transaction, id: string, order: PlainOrder, isFilled: boolean) {
  const { accountId, clientOrderId, side, quantity, limitPrice } = order;
  const sequence = await record(tx, accountId, { type: 'ACCEPTED', orderId: id });
  const now = new Date();
  await tx.order.create({
    data: {
      ...{ id, accountId, clientOrderId, symbol: SYMBOL, side, quantity, limitPrice },
      ...{ createdSequence: sequence, orderType: 'LIMIT', timeInForce: 'GTC' },
      ...{ status: isFilled ? 'FILLED' : 'ACCEPTED', filledQuantity: isFilled ? quantity : 0 },
      ...{ filledNotional: 0, fees: 0, holdAsset: 'USDT', holdPlaced: 1, worstPrice: limitPrice },
      ...{ holdRemaining: isFilled ? 0 : 1, makerFeeRate: FEE_RATE, takerFeeRate: FEE_RATE },
      ...{ priority: isFilled ? null : BigInt(now.getTime()), closedAt: isFilled ? now : null },
      ...{ createdAt: now, acceptedAt: now, updatedAt: now },
    },
  });
}

interface PlainFill {
  readonly id: string;
  readonly accountId: string;
  readonly tradeId: string;
  readonly liquiditySide: 'MAKER' | 'TAKER';
}

async function fill(
  tx: Transaction,
  { id, accountId, tradeId, liquiditySide }: PlainFill,
  order: BenchOrder,
) {
  const sequence = await record(tx, accountId, { type: 'FILL', orderId: id });
  const now = new Date();
  const [{ notional } = { notional: '0' }] = await tx.$queryRaw<{ notional: string }[]>`
    SELECT (${order.limitPrice}::numeric * ${order.quantity}::numeric)::text AS notional`;
  await tx.fill.create({
    data: {
      ...{ id: randomUUID(), tradeId, orderId: id, accountId, symbol: SYMBOL, side: order.side },
      ...{ price: order.limitPrice, quantity: order.quantity, quoteQuantity: notional },
      ...{ fee: 0, feeRate: FEE_RATE, liquiditySide, sequence, executedAt: now },
    },
  });
  await tx.position.upsert({
    where: { accountId_symbol: { accountId, symbol: SYMBOL } },
    create: {
      accountId,
      symbol: SYMBOL,
      netQuantity: 1,
      entryCost: 0,
      realizedPnl: 0,
      updatedAt: now,
    },
    update: { netQuantity: { increment: 1 }, updatedAt: now },
  });
}

/** The account's next event. @returns its sequence */
async function record(tx: Transaction, accountId: string, event: object): Promise<bigint> {
  const at = new Date();
  const { sequence } = await tx.accountSequence.upsert({
    where: { accountId },
    create: { accountId, sequence: 1, recordedAt: at },
    update: { sequence: { increment: 1 }, recordedAt: at },
  });
  await tx.orderEvent.create({ data: { accountId, sequence, event, at } });
  return sequence;
}
