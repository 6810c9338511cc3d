import { randomUUID } from 'node:crypto';
import type { Clock } from '#shared/domain/clock.ts';
import type { EventBus } from '#shared/events/event-bus.ts';
import type { FaultPoint } from '#shared/faults/fault-point.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Funds } from '../domain/ports/funds.ts';
import type { HouseSettings } from '../domain/house-liquidity.ts';
import type { Instruments } from '../domain/ports/instruments.ts';
import type { JournalStore } from '../domain/ports/journal-store.ts';
import type { MarketQuotes } from '../domain/ports/market-quotes.ts';
import type { OrderJournal } from '../domain/ports/order-journal.ts';
import type { Comparisons } from '../domain/rfq/comparison.ts';
import type { LevelJournal } from '../domain/rfq/level-journal.ts';
import type { RfqJournal } from '../domain/rfq/rfq-journal.ts';
import type { RfqSettings } from '../domain/rfq/rfq-settings.ts';
import type { OwnerLease } from '../domain/ports/owner-lease.ts';
import type { Outbox } from '../domain/ports/outbox.ts';
import type { SafetySwitches } from '../domain/safety-switches.ts';
import { BuiltInVenue } from '../venue/built-in-venue.ts';
import { House } from '../venue/house.ts';
import type { OutsidePricerSettings } from '../venue/outside-pricer-settings.ts';
import { DecidedAmends } from './decided-amends.ts';
import { type EventForms, EventPublisher } from './event-publisher.ts';
import { DeadlineWatch } from './deadline-watch.ts';
import type { EngineMeasures } from './engine-measures.ts';
import { HoldSaga } from './hold-saga.ts';
import { HouseInventory } from './house-inventory.ts';
import { Journal } from './journal.ts';
import { MarketWatch } from './market-watch.ts';
import { OrderEngine } from './order-engine.ts';
import { OutboxRelay } from './outbox/outbox-relay.ts';
import { OwnerWatch } from './owner-watch.ts';
import { PreviewQueue } from './preview-queue.ts';
import { ComparisonEngine } from './rfq/comparison-engine.ts';
import { LevelDesk } from './rfq/level-desk.ts';
import { LevelEngine } from './rfq/level-engine.ts';
import { openQuoting } from './rfq/open-quoting.ts';
import { QuotePreparation } from './rfq/quote-preparation.ts';
import { RfqEngine } from './rfq/rfq-engine.ts';
import { RfqWatch } from './rfq/rfq-watch.ts';
import { SafetyCommands } from './safety/safety-commands.ts';
import { TriggerWatch } from './triggers/trigger-watch.ts';

/** What the engine needs. */
export interface EngineOptions extends EventForms {
  readonly lease: OwnerLease;
  readonly journal: JournalStore;
  readonly outbox: Outbox;
  readonly funds: Funds;
  /** With the markets that are known before the first is heard on the bus. */
  readonly instruments: Instruments & MarketQuotes;
  /** Nothing can be matched before; commands wait for it. */
  readonly instrumentsLoaded: Promise<void>;
  readonly bus: EventBus;
  readonly house: HouseSettings;
  readonly rfq: RfqSettings;
  /** A pricer outside that quotes in place of the desk; null for none. */
  readonly outsidePricer: OutsidePricerSettings | null;
  readonly faults: FaultPoint;
  /** Measures nothing if omitted. */
  readonly measures?: EngineMeasures | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The running engine. */
export interface Engine {
  readonly orders: OrderJournal;
  readonly safety: SafetySwitches;
  readonly rfqs: RfqJournal;
  readonly comparisons: Comparisons;
  readonly levels: LevelJournal;
  /** Whether this process has the books; another one may have them while this one stands by. */
  isOwner(): boolean;
  /** Finishes work in progress and stops; the rest continues at the next start. */
  stop(): Promise<void>;
}

/**
 * Puts the journal together with all that works for it and starts it: what a former run left
 * unfinished (holds, settlements) continues as soon as the instruments are known.
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { funds, instruments, bus, faults, measures, clock, logger } = options;
  const observed = { faults, measures, logger };
  const inventory = new HouseInventory();
  const house = new House(options.house, clock, inventory, instruments);
  const venue = new BuiltInVenue(house);
  const { market: pricer, outside, ...quoting } = openQuoting(options, inventory);
  const relay = new OutboxRelay({ outbox: options.outbox, funds, faults, logger });
  const journal = new Journal({
    store: options.journal,
    venue,
    quotes: house,
    instruments,
    ready: options.instrumentsLoaded,
    clock,
    newId: randomUUID,
    quoting,
    takeApplied: () => relay.takeApplied(),
    ...observed,
  });
  const amends = new DecidedAmends();
  const works = { journal, instruments, logger };
  const saga = new HoldSaga({
    ...works,
    funds,
    amends,
    ...observed,
    settled: () => relay.settled(),
  });
  const deadlines = new DeadlineWatch({ journal, clock, logger });
  const rfqWatch = new RfqWatch({ journal, quoting, clock, logger });
  const levelDesk = new LevelDesk({ journal, quoting, instruments, clock, newId: randomUUID });
  const levels = new LevelEngine(journal, levelDesk);
  relay.listen(rfqWatch);
  const listeners = [inventory, new EventPublisher(bus, options), saga, relay, rfqWatch];
  for (const listener of listeners) journal.listen(listener);
  // Before the owner's watch reads the state, which it is notified of.
  const rfqs = new RfqEngine(journal, new QuotePreparation(journal, quoting.pricer, clock));
  const previews = new PreviewQueue();
  const orders = new OrderEngine({ journal, amends, previews });
  const triggers = new TriggerWatch({ ...works, quotes: house, clock });
  const watch = new MarketWatch({ ...works, bus, house, venue, pricer, triggers });
  watch.start();
  deadlines.start();
  rfqWatch.start();
  levelDesk.start();
  const owner = new OwnerWatch({ lease: options.lease, journal, logger });
  await owner.start();
  return {
    orders,
    safety: new SafetyCommands(journal, clock),
    rfqs,
    levels,
    comparisons: new ComparisonEngine({ journal, previews }),
    isOwner: () => owner.isOwner,
    stop: async () => {
      levelDesk.stop();
      watch.stop();
      await Promise.all([deadlines.stop(), rfqWatch.stop()]);
      await saga.stop();
      await owner.stop();
      await journal.idle();
      await relay.stop();
      await outside?.stop();
      await owner.release();
    },
  };
}
