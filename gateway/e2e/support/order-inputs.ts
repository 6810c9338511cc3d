/** The input of a LIMIT order. */
export function limitOrder(order: {
  readonly accountId: string;
  readonly clientOrderId: string;
  readonly symbol?: string;
  readonly side: 'BUY' | 'SELL';
  readonly quantity: string;
  readonly limitPrice: string;
  readonly timeInForce?: 'GTC' | 'IOC';
}) {
  const { accountId, clientOrderId, symbol = 'BTC-USDT', side, ...limit } = order;
  return { input: { accountId, clientOrderId, symbol, side, terms: { limit } } };
}

/** The input of a MARKET order. */
export function marketOrder(order: {
  readonly accountId: string;
  readonly clientOrderId: string;
  readonly symbol?: string;
  readonly side: 'BUY' | 'SELL';
  readonly quantity: string;
}) {
  const { accountId, clientOrderId, symbol = 'BTC-USDT', side, quantity } = order;
  return { input: { accountId, clientOrderId, symbol, side, terms: { market: { quantity } } } };
}
