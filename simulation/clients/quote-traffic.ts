import { type AccountId, parseUserId, trusted } from '#shared/domain/ids.ts';
import type { ClientSurroundings } from './client-surroundings.ts';
import { HandTrader } from './hand-trader.ts';
import { LevelClient } from './level-client.ts';
import { QuoteClient } from './quote-client.ts';
import type { ToldOfRfq } from '../invariants/rfq-told.ts';
import type { Witness } from '../witness.ts';

/** Two traders of the desk, so that one meets what the other has taken. */
const TRADERS = ['tina', 'theo'].map((id) => trusted(parseUserId, id));
const REQUESTS = 7;
const LEVEL_STREAMS = 2;

/** Everyone who trades by quote: clients who request, clients who follow firm prices, traders who quote by hand. */
export class QuoteTraffic {
  /** All clients, on every account one of each kind. */
  readonly clients: readonly (QuoteClient | LevelClient)[];
  readonly #requesting: readonly QuoteClient[];
  readonly #following: readonly LevelClient[];
  readonly #traders: readonly HandTrader[];

  constructor(
    accounts: readonly AccountId[],
    surroundings: Omit<ClientSurroundings, 'accountId'>,
    witness: Witness,
  ) {
    this.#requesting = accounts.map((accountId, index) => {
      const stranger = accounts[(index + 2) % accounts.length] ?? accountId;
      return new QuoteClient({ accountId, ...surroundings }, stranger);
    });
    this.#following = accounts.map(
      (accountId) => new LevelClient({ accountId, ...surroundings }, witness),
    );
    this.clients = [...this.#requesting, ...this.#following];
    this.#traders = TRADERS.map((userId) => new HandTrader(userId, surroundings));
  }

  /** Starts trading. */
  begin(): void {
    for (const client of this.#requesting) client.trade(REQUESTS);
    for (const client of this.#following) client.trade(LEVEL_STREAMS);
    for (const trader of this.#traders) trader.work();
  }

  /** What all of them were told. */
  told(): readonly ToldOfRfq[] {
    return [...this.clients, ...this.#traders].flatMap(({ told }) => told);
  }
}
