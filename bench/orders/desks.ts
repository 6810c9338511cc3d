import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { systemClock } from '#shared/domain/clock.ts';
import type { PassportKey } from '#shared/identity/passport.ts';
import { SubgraphClient } from '#shared/subgraph/subgraph-client.ts';
import { Child } from '../processes/child.ts';
import { type Door, gatewayDoor, plainDoor, subgraphDoor } from './doors.ts';
import type { BenchStores } from './stores.ts';

/** Started servers, and the ways to send orders to them. */
export interface Desk<Name extends string> {
  readonly doors: Readonly<Record<Name, Door>>;
  /** The process id of each server, by name. */
  readonly servers: Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

/** Our servers, each unit in its own process, as in production. */
export async function startOurDesk(stores: BenchStores): Promise<Desk<'subgraph' | 'gateway'>> {
  const { order, gateway, keys, children } = await startUnits(stores, { isForStrangers: false });
  const doors = { subgraph: subgraphDoor(order, keys.gateway), gateway: gatewayDoor(gateway) };
  const [account, orders, front] = children.map(({ pid }) => pid);
  const servers = { account: account ?? 0, order: orders ?? 0, gateway: front ?? 0 };
  return { doors, servers, stop: () => stopAll(Object.values(doors), children) };
}

/** The same behind a gateway with production's limits, as clients reach it. */
export async function startPublicDesk(
  stores: BenchStores,
): Promise<{ readonly gateway: string; readonly gatewayPid: number; stop(): Promise<void> }> {
  const { gateway, children } = await startUnits(stores, { isForStrangers: true });
  const gatewayPid = children.at(-1)?.pid ?? 0;
  return { gateway, gatewayPid, stop: () => stopAll([], children) };
}

async function startUnits(
  { urls }: BenchStores,
  gatewayOptions: { readonly isForStrangers: boolean },
) {
  const keys = makeKeys();
  const { privateKey } = generateKeyPairSync('ed25519');
  const children: Child[] = [];
  const start = async <Output>(file: string, input: object): Promise<Output> => {
    const child = await startChild(file);
    children.push(child);
    return child.ask<Output>('listen', { keys, ...input });
  };
  const money = await start<{ account: string; marketData: string }>('./money-server.ts', {
    accountUrl: urls.account,
    marketDataUrl: urls['market-data'],
    accessTokenKey: JSON.stringify(privateKey.export({ format: 'jwk' })),
  });
  const order = await start<string>('./order-server.ts', { ...money, orderUrl: urls.order });
  const gateway = await start<string>('./gateway-server.ts', {
    ...money,
    order,
    ...gatewayOptions,
  });
  return { order, gateway, keys, children };
}

/** An order subgraph with a market to quote on, an account subgraph, and a gateway in front of them. */
export async function startQuotingDesk({ urls }: BenchStores): Promise<{
  readonly client: SubgraphClient;
  readonly gateway: string;
  /** Makes the market, which stands still at first, move continuously. */
  moveMarket(): Promise<void>;
  stop(): Promise<void>;
}> {
  const keys = makeKeys();
  const { privateKey } = generateKeyPairSync('ed25519');
  const money = await startChild('./money-server.ts');
  const servers = await money.ask<{ account: string; marketData: string }>('listen', {
    keys,
    accountUrl: urls.account,
    marketDataUrl: urls['market-data'],
    accessTokenKey: JSON.stringify(privateKey.export({ format: 'jwk' })),
  });
  const order = await startChild('../rfq/quoting-server.ts');
  const url = await order.ask<string>('listen', { keys, ...servers, orderUrl: urls.order });
  const client = new SubgraphClient({ name: 'order', url, passportKey: keys.gateway }, systemClock);
  const gateway = await startChild('./gateway-server.ts');
  return {
    client,
    gateway: await gateway.ask<string>('listen', { keys, ...servers, order: url }),
    moveMarket: () => order.ask('move'),
    stop: () => stopAll([client], [money, order, gateway]),
  };
}

/** The plain implementation, with tables like ours in its own database. */
export async function startPlainDesk({ plainUrl }: BenchStores): Promise<Desk<'plain'>> {
  const child = await startChild('./plain-server.ts');
  const url = await child.ask<string>('listen', { orderUrl: plainUrl });
  const doors = { plain: plainDoor(url) };
  return {
    doors,
    servers: { plain: child.pid },
    stop: () => stopAll(Object.values(doors), [child]),
  };
}

/** The keys that sign passports; every subgraph accepts both. */
export interface BenchKeys {
  readonly gateway: PassportKey;
  readonly order: PassportKey;
}

function makeKeys(): BenchKeys {
  const key = (kid: string) => ({ kid, secret: randomBytes(32).toString('base64url') });
  return { gateway: key('gateway.1'), order: key('order.1') };
}

function startChild(file: string): Promise<Child> {
  return Child.start({ file: new URL(file, import.meta.url) });
}

async function stopAll(
  doors: readonly Pick<Door, 'close'>[],
  children: readonly Child[],
): Promise<void> {
  await Promise.all(doors.map((door) => door.close()));
  for (const child of [...children].reverse()) await child.stop();
}
