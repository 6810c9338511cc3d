import { randomUUID } from 'node:crypto';
import type { Clock } from '#shared/domain/clock.ts';
import type { EventBus } from '#shared/events/event-bus.ts';
import type { FaultPoint } from '#shared/faults/fault-point.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Funds } from '../domain/funds.ts';
import type { HouseSettings } from '../domain/house-liquidity.ts';
import type { Instruments } from '../domain/instruments.ts';
import type { JournalStore } from '../domain/journal-store.ts';
import type { OrderEvent } from '../domain/order-event.ts';
import type { OrderJournal } from '../domain/order-journal.ts';
import type { OwnerLease } from '../domain/owner-lease.ts';
import type { Outbox } from '../domain/outbox.ts';
import type { SafetySwitches } from '../domain/safety-switches.ts';
import { BuiltInVenue } from '../venue/built-in-venue.ts';
import { House } from '../venue/house.ts';
import { DecidedAmends } from './decided-amends.ts';
import { EventPublisher } from './event-publisher.ts';
import { DeadlineWatch } from './deadline-watch.ts';
import { HoldSaga } from './hold-saga.ts';
import { HouseInventory } from './house-inventory.ts';
import { Journal } from './journal.ts';
import { MarketWatch } from './market-watch.ts';
import { OrderEngine } from './order-engine.ts';
import { OutboxRelay } from './outbox-relay.ts';
import { OwnerWatch } from './owner-watch.ts';
import { SafetyCommands } from './safety-commands.ts';
import { TriggerWatch } from './trigger-watch.ts';

/** What the engine stands on. */
export interface EngineOptions {
  readonly lease: OwnerLease;
  readonly journal: JournalStore;
  readonly outbox: Outbox;
  readonly funds: Funds;
  readonly instruments: Instruments;
  /** Nothing can be matched before; commands wait for it. */
  readonly instrumentsLoaded: Promise<void>;
  readonly bus: EventBus;
  readonly eventToJson: (event: OrderEvent) => unknown;
  readonly house: HouseSettings;
  readonly faults: FaultPoint;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The running engine. */
export interface Engine {
  readonly orders: OrderJournal;
  readonly safety: SafetySwitches;
  /** Whether this process has the books; another one may have them while this stands by. */
  isOwner(): boolean;
  /** Finishes what is on its way and stops; the rest goes on at the next start. */
  stop(): Promise<void>;
}

/**
 * Puts the journal together with all that works for it and starts it: what a former run left
 * unfinished (holds, settlements) goes on as soon as the instruments are known.
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { funds, instruments, bus, faults, clock, logger } = options;
  const inventory = new HouseInventory();
  const house = new House(options.house, clock, inventory);
  const venue = new BuiltInVenue(house);
  const journal = new Journal({
    store: options.journal,
    venue,
    quotes: house,
    instruments,
    ready: options.instrumentsLoaded,
    clock,
    newId: randomUUID,
    faults,
    logger,
  });
  const publisher = new EventPublisher(bus, options.eventToJson);
  const relay = new OutboxRelay({ outbox: options.outbox, funds, faults, logger });
  const settled = () => relay.settled();
  const amends = new DecidedAmends();
  const saga = new HoldSaga({
    journal,
    funds,
    venue,
    instruments,
    quotes: house,
    amends,
    settled,
    faults,
    logger,
  });
  const deadlines = new DeadlineWatch({ journal, clock, logger });
  for (const listener of [inventory, publisher, saga, relay, deadlines]) journal.listen(listener);
  const orders = new OrderEngine({ journal, venue, quotes: house, amends });
  const triggers = new TriggerWatch({ journal, quotes: house, instruments, clock, logger });
  journal.listen(triggers);
  const watch = new MarketWatch({ bus, house, venue, instruments, journal, triggers, logger });
  await watch.start();
  deadlines.start();
  const owner = new OwnerWatch({ lease: options.lease, journal, logger });
  await owner.start();
  return {
    orders,
    safety: new SafetyCommands(journal, venue),
    isOwner: () => owner.isOwner,
    stop: async () => {
      await Promise.all([watch.stop(), deadlines.stop()]);
      await saga.stop();
      await owner.stop();
      await journal.idle();
      await relay.stop();
      await owner.release();
    },
  };
}
