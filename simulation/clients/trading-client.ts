import type { AccountId, FillId, OrderId } from '#shared/domain/ids.ts';
import { NO_INSTRUCTIONS } from '../../subgraphs/order/domain/order-instructions.ts';
import type {
  PlaceOrder,
  PlaceOrderOutcome,
} from '../../subgraphs/order/domain/use-cases/place-order.ts';
import type { TradingControl } from '../../subgraphs/order/domain/trading-control.ts';
import { atRandomTimes } from './at-random-times.ts';
import type { ClientSurroundings } from './client-surroundings.ts';
import { drawnChanges } from './drawn-changes.ts';
import { drawnOrder } from './drawn-orders.ts';
import { GuardingConnection } from './guarding-connection.ts';
import type { Misfortune } from '../misfortune.ts';
import type { SimulatedDesk } from '../simulated-desk.ts';
import type { UnreliableNetwork } from '../outside/unreliable-network.ts';
import type { VirtualTime } from '../virtual-time.ts';
import { Repetitions } from './repetitions.ts';

const TIMEOUT_MS = 5000;
const LONGEST_IDLE_MS = 1500;
/** The share of orders that end with the client's connection. */
const GUARDED_SHARE = 0.1;
/** The share of orders and amends that can take effect until a time. */
const LIMITED_SHARE = 0.15;
const LONGEST_VALID_MS = 1500;

/** An outcome that a client received, which must still be true in the end. */
export type Told =
  | {
      readonly kind: 'placed';
      readonly clientOrderId: string;
      readonly orderId: OrderId;
      readonly became: 'accepted' | 'denied' | 'rejected';
      readonly fillIds: readonly FillId[];
    }
  | { readonly kind: 'amended'; readonly orderId: OrderId; readonly amendId: string }
  | { readonly kind: 'canceled'; readonly orderId: OrderId }
  /** A switch was set. */
  | { readonly kind: 'switched'; readonly control: TradingControl }
  /** A timer was set, to fire at this time; null if it was cleared. */
  | { readonly kind: 'timed'; readonly accountId: AccountId; readonly firesAt: number | null }
  /** An impossible answer. */
  | { readonly kind: 'absurd'; readonly text: string };

/** A command that can take effect until a time. */
export interface Limited {
  readonly accountId: string;
  /** The id of the order or the amend, whichever the command makes. */
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly validUntil: number;
}

/** A client that trades on one account and repeats requests without an answer. */
export class TradingClient {
  readonly accountId: AccountId;
  readonly told: Told[] = [];
  readonly limited: Limited[] = [];
  readonly #desk: ClientSurroundings['desk'];
  readonly #network: UnreliableNetwork;
  readonly #time: VirtualTime;
  readonly #misfortune: Misfortune;
  readonly #connection: GuardingConnection;
  readonly #placed: PlaceOrder[] = [];
  #orders: OrderId[] = [];
  #amends = 0;
  readonly #repetitions = new Repetitions();

  constructor(surroundings: ClientSurroundings) {
    this.accountId = surroundings.accountId;
    this.#desk = surroundings.desk;
    this.#network = surroundings.network;
    this.#time = surroundings.time;
    this.#misfortune = surroundings.misfortune;
    this.#connection = new GuardingConnection(surroundings);
  }

  /** Starts this many actions at random times; they can overlap. */
  trade(actions: number): void {
    const surroundings = { time: this.#time, misfortune: this.#misfortune };
    atRandomTimes(surroundings, actions, LONGEST_IDLE_MS, () => void this.#act());
  }

  /** Repeats the request for every order. */
  repeatAll(): void {
    for (const command of this.#placed) this.#repetitions.add(this.#place(command));
  }

  /** How many of the repeated requests have no answer yet. */
  get unanswered(): number {
    return this.#repetitions.unanswered;
  }

  async #act(): Promise<void> {
    const { random } = this.#misfortune;
    const what = random.between(1, 24);
    if (what === 23) return this.#placeTogether();
    if (what === 24) return this.#connection.lose();
    if (what <= 9 || this.#orders.length === 0) return this.#placeNew();
    if (what <= 16) return this.#amend(this.#anOrder(), 2);
    if (what <= 18) return this.#cancel(this.#anOrder());
    if (what === 19) return this.#cancelAll();
    if (what === 20) return this.#switchTrading();
    if (what === 21) return this.#setTimer();
    const before = this.#placed[random.between(0, this.#placed.length - 1)];
    if (before !== undefined) await this.#place(before);
  }

  /** Picks an order, favoring later ones because they are more likely to be open. */
  #anOrder(): OrderId {
    const { random } = this.#misfortune;
    const last = this.#orders.length - 1;
    return this.#orders[last - random.between(0, Math.min(last, 4))] ?? ('none' as OrderId);
  }

  async #placeNew(): Promise<void> {
    const { random } = this.#misfortune;
    const id = `c-${this.#placed.length + 1}`;
    const command = this.#drawnOrder(id);
    this.#placed.push(command);
    for (let tries = 0; tries < 3; tries += 1)
      if ((await this.#place(command)) || random.chance(0.3)) return;
  }

  /** Some orders in one command; some of them with the same id. */
  async #placeTogether(): Promise<void> {
    const { random } = this.#misfortune;
    const first = this.#placed.length + 1;
    const commands = Array.from({ length: 4 }, (_, index) =>
      this.#drawnOrder(`c-${first + index}`),
    );
    this.#placed.push(...commands);
    const [repeated] = commands;
    const asked = random.chance(0.5) && repeated !== undefined ? [...commands, repeated] : commands;
    const outcome = await this.#ask((desk) => desk.placeTogether(this.accountId, asked));
    if (outcome?.kind !== 'placed') return;
    outcome.outcomes.forEach((one, index) => {
      const command = asked[index];
      if (command !== undefined && one.kind !== 'unknown') this.#note(command, one);
    });
  }

  /** Some orders are guarded by the client's connection. */
  #drawnOrder(clientOrderId: string): PlaceOrder {
    const { random } = this.#misfortune;
    const order = drawnOrder(random, this.accountId, clientOrderId, this.#time.now());
    const guardConnectionId = random.chance(GUARDED_SHARE) ? this.#connection.id : null;
    const validUntil = this.#drawnLimit(clientOrderId);
    const { instructions = NO_INSTRUCTIONS } = order;
    return { ...order, instructions: { ...instructions, guardConnectionId, validUntil } };
  }

  /** Until when a command can take effect; null for most. */
  #drawnLimit(name: string): number | null {
    const { random } = this.#misfortune;
    if (!random.chance(LIMITED_SHARE)) return null;
    const validUntil = this.#time.now() + random.between(1, LONGEST_VALID_MS);
    this.limited.push({ accountId: this.accountId, name, validUntil });
    return validUntil;
  }

  /** @returns whether it was answered */
  async #place(command: PlaceOrder): Promise<boolean> {
    const outcome = await this.#ask((desk) => desk.place(command));
    if (outcome === null || outcome.kind === 'unknown') return false;
    this.#note(command, outcome);
    return true;
  }

  #note(command: PlaceOrder, outcome: PlaceOrderOutcome): void {
    this.told.push(toldOf(command, outcome));
    if (outcome.kind === 'accepted') this.#orders.push(outcome.order.id);
  }

  async #amend(id: OrderId, tries: number): Promise<void> {
    const { random } = this.#misfortune;
    this.#amends += 1;
    const amendId = `a-${this.#amends}`;
    const command = {
      accountId: this.accountId,
      order: { kind: 'id', id } as const,
      amendId,
      expectedVersion: null,
      validUntil: this.#drawnLimit(amendId),
      changes: drawnChanges(random, this.#time.now()),
    };
    // Mostly by its own user, and otherwise by another member of the account.
    const member = random.pick([this.accountId, this.accountId, 'anna', 'cleo']);
    for (let attempt = 0; attempt < tries; attempt += 1) {
      const outcome = await this.#ask((desk) => desk.amend(command, member));
      if (outcome === null || outcome.kind === 'unknown') continue;
      if (outcome.kind === 'amended') this.told.push({ kind: 'amended', orderId: id, amendId });
      if (outcome.kind === 'orderNotFound' || outcome.kind === 'accountNotFound')
        this.told.push({ kind: 'absurd', text: `${id} was to be changed: ${outcome.kind}` });
      return;
    }
  }

  async #cancel(id: OrderId): Promise<void> {
    const order = { kind: 'id', id } as const;
    const outcome = await this.#ask((desk) => desk.cancel({ accountId: this.accountId, order }));
    if (outcome?.kind === 'canceled') this.told.push({ kind: 'canceled', orderId: id });
    if (outcome?.kind === 'orderNotFound')
      this.told.push({ kind: 'absurd', text: `${id} was to be canceled, and is not there` });
  }

  async #cancelAll(): Promise<void> {
    const outcome = await this.#ask((desk) => desk.cancelAll(this.accountId));
    if (outcome?.kind !== 'canceled') return;
    for (const { id } of outcome.orders) this.told.push({ kind: 'canceled', orderId: id });
  }

  /** Ends a halt after a while, or soon everything would be halted. */
  async #switchTrading(): Promise<void> {
    const { random } = this.#misfortune;
    const kind = random.pick(['account', 'account', 'account', 'deskAccount', 'desk']);
    const { accountId } = this;
    const scope = kind === 'desk' ? ({ kind } as const) : ({ kind, accountId } as const);
    const set = async (tradingState: TradingControl['tradingState']) => {
      const command = { scope, tradingState, reason: 'as drawn', actor: accountId };
      const outcome = await this.#ask((desk) => desk.setTradingState(command));
      if (outcome?.kind === 'set') this.told.push({ kind: 'switched', control: outcome.control });
    };
    this.#time.after(random.between(200, 2000), () => void set('ACTIVE'));
    await set(random.pick(['HALTED', 'REDUCING']));
  }

  async #setTimer(): Promise<void> {
    const { accountId } = this;
    const timeoutMs = this.#misfortune.random.pick([1000, 2000, 4000, 0]);
    const outcome = await this.#ask((desk) => desk.cancelAllAfter(accountId, timeoutMs));
    if (outcome?.kind === 'set')
      this.told.push({ kind: 'timed', accountId, firesAt: outcome.firesAt });
  }

  /** Null if no answer arrived, or the answer says that a part of the desk is away. */
  async #ask<Answer>(what: (desk: SimulatedDesk) => Promise<Answer>): Promise<Answer | null> {
    try {
      return await this.#network.call(async () => what(this.#desk()), TIMEOUT_MS);
    } catch {
      return null;
    }
  }
}

function toldOf({ clientOrderId }: PlaceOrder, outcome: PlaceOrderOutcome): Told {
  if (outcome.kind !== 'accepted' && outcome.kind !== 'denied' && outcome.kind !== 'rejected')
    return { kind: 'absurd', text: `${clientOrderId} was placed: ${outcome.kind}` };
  if (outcome.order === null)
    return { kind: 'absurd', text: `${clientOrderId} was called malformed` };
  const fills = outcome.kind === 'accepted' ? (outcome.fills ?? []) : [];
  const fillIds = fills.map(({ id }) => id);
  const { id: orderId } = outcome.order;
  return { kind: 'placed', clientOrderId, orderId, became: outcome.kind, fillIds };
}
