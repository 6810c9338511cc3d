import type { FaultPoint } from '#shared/faults/fault-point.ts';
import { parseAccountId, trusted } from '#shared/domain/ids.ts';
import { bookViolations } from './invariants/book-invariants.ts';
import { countedEvents, countedRefusals } from './counted-events.ts';
import { LedgerCalls, RefusedCommands } from './outside/ledger-calls.ts';
import { ledgerViolations } from './invariants/ledger-invariants.ts';
import { marketViolations } from './invariants/market-invariants.ts';
import { MarketTraffic } from './outside/market-traffic.ts';
import { Misfortune, type PlantedFault } from './misfortune.ts';
import { MoneyTraffic } from './clients/money-traffic.ts';
import { lateViolations, orderViolations, toldViolations } from './invariants/order-invariants.ts';
import { ProcessLife } from './process-life.ts';
import { QuoteTraffic } from './clients/quote-traffic.ts';
import { rfqViolations } from './invariants/rfq-invariants.ts';
import { triggerViolations } from './invariants/trigger-invariants.ts';
import { toldOfRfqViolations } from './invariants/rfq-told.ts';
import { SimulatedDesk } from './simulated-desk.ts';
import type { PriceOrigin } from './simulated-pricer.ts';
import { SimulatedLedger } from './outside/simulated-ledger.ts';
import { SimulatedLease, StoredLease } from './outside/simulated-lease.ts';
import { OrderStoreSession, StoredOrders } from './outside/simulated-order-store.ts';
import { SimulatedRfqReads } from './outside/simulated-rfq-reads.ts';
import { houseViolations, switchViolations } from './invariants/switch-invariants.ts';
import { TradingClient } from './clients/trading-client.ts';
import { UnreliableNetwork } from './outside/unreliable-network.ts';
import type { Violation } from './violation.ts';
import { VirtualTime } from './virtual-time.ts';
import { Witness } from './witness.ts';

const CLIENTS = ['anna', 'bert', 'cleo', 'dora'].map((id) => trusted(parseAccountId, id));
const ACTIONS = 14;
/** In every second seed clients also trade by quote, which costs as much time as all else. */
const QUOTING_SEEDS = 2;
/** Where the prices of the quoting seeds are from, in turn. */
const PRICE_ORIGINS: readonly PriceOrigin[] = ['home', 'venues', 'home', 'outside'];
const TRADING_MS = 15_000;
const REST_MS = 40_000;
/** How long good markets go on moving before everything comes to rest. */
const CALM_MARKET_MS = 30_000;
/** One process works, the other stands by. */
const PROCESSES = 2;
const LONGEST_FROZEN_MS = 6000;
const CRASH_SHARE = 0.01;
const LONGEST_DOWN_MS = 2500;
/** The share of seeds that set the clock of all processes, mostly back. */
const SET_CLOCK_SHARE = 0.5;
/** A small one is taken for a clock that differs a little. */
const STEPS_MS = { large: [-20_000, 4000], small: [-1000, 1000] } as const;
/** The most events in a turn; the seed picks one. */
const MOST_EVENTS = [1000, 2, 5];

/** The result of one seed. */
export interface SimulationReport {
  readonly violations: readonly Violation[];
  /** How often each kind of event happened, by name; equal for equal seeds. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Lets clients trade through all failures of this seed, then checks every promise. */
export async function simulate(
  seed: number,
  planted: PlantedFault | null = null,
): Promise<SimulationReport> {
  return new Simulation(seed, planted).run();
}

class Simulation {
  readonly #time = new VirtualTime();
  readonly #misfortune: Misfortune;
  readonly #network: UnreliableNetwork;
  readonly #ledger: SimulatedLedger;
  readonly #unfit: RefusedCommands;
  readonly #stored = new StoredOrders();
  readonly #clients: readonly TradingClient[];
  readonly #quoteTraffic: QuoteTraffic;
  readonly #markets: MarketTraffic;
  readonly #money: MoneyTraffic;
  readonly #witness = new Witness();
  readonly #refusals: Violation[] = [];
  readonly #lease = new StoredLease();
  readonly #desks = new Map<number, SimulatedDesk>();
  readonly #lives = new Map<number, ProcessLife>();
  /** Small for some seeds, so that work continues across turns. */
  readonly #mostEvents: number;
  readonly #isQuoting: boolean;
  readonly #prices: PriceOrigin;
  #ids = 0;
  #crashes = 0;
  #clockSteps = 0;

  constructor(seed: number, planted: PlantedFault | null) {
    const [time, misfortune] = [this.#time, new Misfortune(seed, planted)];
    this.#misfortune = misfortune;
    this.#unfit = new RefusedCommands(misfortune);
    this.#isQuoting = seed % QUOTING_SEEDS === 0;
    this.#prices = PRICE_ORIGINS[(seed / QUOTING_SEEDS) % PRICE_ORIGINS.length] ?? 'home';
    this.#mostEvents = MOST_EVENTS[seed % MOST_EVENTS.length] ?? Infinity;
    const network = new UnreliableNetwork(time, misfortune);
    this.#network = network;
    this.#ledger = new SimulatedLedger(time, misfortune, CLIENTS);
    const desk = () => this.#standing();
    const surroundings = { desk, network, time, misfortune };
    this.#clients = CLIENTS.map((accountId) => new TradingClient({ accountId, ...surroundings }));
    this.#quoteTraffic = new QuoteTraffic(CLIENTS, surroundings, this.#witness);
    this.#money = new MoneyTraffic(CLIENTS, { ...surroundings, ledger: this.#ledger });
    const desks = () => this.#desks.values();
    const hasVenues = this.#prices === 'venues';
    this.#markets = new MarketTraffic({
      time,
      misfortune,
      witness: this.#witness,
      hasVenues,
      desks,
    });
  }

  async run(): Promise<SimulationReport> {
    for (let process = 0; process < PROCESSES; process += 1) this.#startDesk(process);
    this.#markets.moveUntil(this.#time.steadyNow() + TRADING_MS);
    this.#setClock();
    this.#money.begin(TRADING_MS);
    for (const client of this.#clients) client.trade(ACTIONS);
    if (this.#isQuoting) this.#quoteTraffic.begin();
    await this.#time.pass(TRADING_MS);
    this.#misfortune.calmDown();
    // Orders that could not even be ended are out of the books until an owner reads them again.
    if (this.#stored.refusals > 0) for (const life of [...this.#lives.values()]) life.end();
    const isAtRest = await this.#comeToRest();
    for (const client of this.#everyone()) client.repeatAll();
    const isAtRestAgain = await this.#comeToRest();
    return {
      violations: [...this.#violations(), ...(isAtRest && isAtRestAgain ? [] : [RESTLESS])],
      counts: this.#counts(),
    };
  }

  #everyone() {
    return [...this.#clients, ...this.#quoteTraffic.clients, ...this.#money.movers];
  }

  async #comeToRest(): Promise<boolean> {
    this.#markets.moveUntil(this.#time.steadyNow() + CALM_MARKET_MS);
    await this.#time.pass(REST_MS);
    // Orders that expired meanwhile end in a turn.
    for (const desk of this.#desks.values()) void desk.takeTurn().catch(() => undefined);
    return this.#time.pass(REST_MS);
  }

  #standing(): SimulatedDesk {
    const desks = [...this.#desks.values()];
    const owners = desks.filter(({ isOwner }) => isOwner);
    const [first, ...others] = owners.length > 0 ? owners : desks;
    if (first === undefined) throw new Error('the order processes are away');
    // A process that was frozen still believes for a while that it owns the books.
    return this.#misfortune.random.pick([first, ...others]);
  }

  #startDesk(process: number): void {
    const [time, misfortune] = [this.#time, this.#misfortune];
    const life: ProcessLife = new ProcessLife(time, () => this.#crashed(process));
    const faults: FaultPoint = (name) => {
      if (life.isOver || !misfortune.strikes(CRASH_SHARE)) return;
      life.end();
      throw new Error(`the order process died at ${name}`);
    };
    const refused = (detail: string) =>
      void this.#refusals.push({ promise: 'ledgerAgrees', detail });
    const [ledger, network] = [this.#ledger, this.#network];
    const lease = new SimulatedLease({ stored: this.#lease, time, life, misfortune });
    const desk = new SimulatedDesk({
      time,
      life,
      lease,
      store: new OrderStoreSession({ stored: this.#stored, time, life, lease, misfortune }),
      rfqReads: new SimulatedRfqReads(this.#stored, { life, misfortune }),
      witness: this.#witness,
      funds: new LedgerCalls({ ledger, network, life, unfit: this.#unfit, refused }),
      faults,
      newId: () => `id-${(this.#ids += 1)}`,
      mostEvents: this.#mostEvents,
      prices: this.#prices,
      misfortune,
      isCalm: () => misfortune.isCalm,
      broken: (line) => {
        const [, detail = line] = /Invariant: ([^"\\]*)/.exec(line) ?? [];
        this.#refusals.push({ promise: 'invariants', detail });
      },
    });
    this.#desks.set(process, desk);
    this.#lives.set(process, life);
    desk.start();
    // Crash at any other moment too.
    if (misfortune.strikes(0.5))
      time.after(misfortune.random.between(1, TRADING_MS), () => life.end());
    if (misfortune.strikes(0.9))
      time.after(misfortune.random.between(1, TRADING_MS), () =>
        life.freeze(misfortune.random.between(1500, LONGEST_FROZEN_MS)),
      );
  }

  #crashed(process: number): void {
    this.#desks.delete(process);
    this.#lives.delete(process);
    this.#crashes += 1;
    this.#time.after(this.#misfortune.random.between(1, LONGEST_DOWN_MS), () =>
      this.#startDesk(process),
    );
  }

  #setClock(): void {
    if (!this.#misfortune.strikes(SET_CLOCK_SHARE)) return;
    const { random } = this.#misfortune;
    const [back, forward] = STEPS_MS[random.pick(['large', 'small'])];
    const step = random.between(back, forward);
    this.#time.after(random.between(1, TRADING_MS), () => {
      this.#clockSteps += 1;
      this.#time.step(step);
    });
  }

  #violations(): readonly Violation[] {
    const ledger = this.#ledger.changes();
    const told = this.#clients.flatMap((client) => client.told);
    const unanswered = this.#everyone().flatMap(({ accountId, unanswered: count }): Violation[] =>
      count === 0
        ? []
        : [{ promise: 'told', detail: `${accountId} asked ${count} times and was not answered` }],
    );
    return [
      ...this.#refusals,
      ...this.#ledger.contradictions.map((detail): Violation => ({ promise: 'holds', detail })),
      ...ledgerViolations(ledger),
      ...this.#money.violations(ledger),
      ...marketViolations(this.#stored, this.#witness),
      ...triggerViolations(this.#stored, this.#witness),
      ...orderViolations(this.#stored, ledger),
      ...bookViolations(this.#stored),
      ...switchViolations(this.#stored, { now: this.#time.now(), steady: this.#time.steadyNow() }),
      ...houseViolations(this.#stored),
      ...rfqViolations(this.#stored, this.#witness),
      ...toldViolations(this.#stored, told),
      // After a step back everything is recorded at the latest time so far.
      ...(this.#clockSteps > 0 ? [] : lateViolations(this.#stored, this.#limited())),
      ...toldOfRfqViolations(this.#stored, this.#quoteTraffic.told()),
      ...unanswered,
    ];
  }

  #limited() {
    return this.#clients.flatMap((client) => client.limited);
  }

  #counts(): Readonly<Record<string, number>> {
    const { token: owners, staleWrites } = this.#lease;
    return {
      crashes: this.#crashes,
      owners,
      staleWrites,
      ledgerRefusals: this.#unfit.count,
      clockSteps: this.#clockSteps,
      ...this.#money.counts,
      ...this.#markets.counts,
      ...countedEvents(this.#stored),
      ...countedRefusals(this.#quoteTraffic.told()),
    };
  }
}

const RESTLESS: Violation = { promise: 'comesToRest', detail: 'something still goes on' };
