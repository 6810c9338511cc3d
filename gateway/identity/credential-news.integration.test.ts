import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseUserId, trusted } from '#shared/domain/ids.ts';
import { MemoryEventBus } from '#shared/events/memory-event-bus.ts';
import { type Answer, type DeskFixture, startDeskFixture } from '../fixtures/desk-fixture.ts';
import { SocketClient } from '../fixtures/socket-client.ts';

// A gateway that by itself would ask once an hour: what happens here happens because it was told.
const HOUR = 3_600_000;
const SCOPES = ['market:read', 'account:read', 'keys:write', 'transfer:write'];
const ACCOUNTS = '{ viewer { accounts { id } } }';
const ENDED = { code: 4403, reason: 'Credential ended' };

let desk: DeskFixture;
let bus: MemoryEventBus;
let keys = 0;
let anna: Person;
let bert: Person;
beforeAll(async () => {
  bus = new MemoryEventBus();
  desk = await startDeskFixture({ bus, credentialTimes: { roundMs: HOUR, rememberedMs: HOUR } });
});
beforeEach(() => {
  [anna, bert] = [new Person(), new Person()];
});
afterEach(() => {
  desk.world.delayOfCredentials = () => Promise.resolve();
});
afterAll(() => desk.stop());

/** Somebody new with a key. */
class Person {
  readonly userId = trusted(parseUserId, `user-${(keys += 1)}`);
  readonly #key = `key-${this.userId}`;

  constructor() {
    const { userId } = this;
    desk.world.addTrader(this.#key, { userId, accounts: [], scopes: SCOPES });
  }

  connect(): Promise<SocketClient> {
    return SocketClient.connect(desk.origin, { apiKey: this.#key });
  }

  /** How a request is answered. */
  async ask(): Promise<number> {
    return (await desk.post({ query: '{ viewer { id } }' }, { 'x-api-key': this.#key })).status;
  }

  async post(query: string): Promise<Answer> {
    return (await desk.post({ query }, { 'x-api-key': this.#key })).json;
  }

  /** The ids of its accounts. */
  async accounts(): Promise<readonly string[]> {
    const { data } = await this.post(ACCOUNTS);
    const { accounts } = data?.['viewer'] as unknown as { accounts: readonly { id: string }[] };
    return accounts.map(({ id }) => id);
  }

  /** Ends the key, and tells nobody. */
  end(): void {
    desk.world.principals.delete(this.#key);
  }
}

function tell(message: unknown): void {
  bus.publish('credentials.changed', message as never);
}

function asked(): number {
  return desk.world.calls.filter((call) => call.startsWith('authenticate')).length;
}

describe('news of a credential', () => {
  it('is asked about, and nothing else is', async () => {
    const [hers, his] = [await anna.connect(), await bert.connect()];
    for (const person of [anna, bert]) person.end();
    const before = asked();
    tell({ userId: anna.userId });
    expect(await hers.closed).toEqual(ENDED);
    await his.settle();
    expect(asked() - before).toBe(1);
    await his.close();
  });

  it('that is not true ends nothing, and changes no right', async () => {
    const client = await anna.connect();
    const before = asked();
    tell({ userId: anna.userId, scopes: [], isRevoked: true });
    await expect.poll(() => asked() - before).toBe(1);
    await client.settle();
    await client.close();
  });

  it.each([[null], [7], [{}], [{ userId: 7 }]])(
    'that says not whom it is about, as %j, lets all be asked about',
    async (message) => {
      const clients = [await anna.connect(), await bert.connect()];
      for (const person of [anna, bert]) person.end();
      tell(message);
      for (const client of clients) expect(await client.closed).toEqual(ENDED);
    },
  );

  it('comes in floods, and is asked about one at a time', async () => {
    const client = await anna.connect();
    let [atOnce, most] = [0, 0];
    desk.world.delayOfCredentials = async () => {
      most = Math.max(most, (atOnce += 1));
      await new Promise((resolve) => setImmediate(resolve));
      atOnce -= 1;
    };
    anna.end();
    for (let count = 0; count < 1000; count += 1) tell({ userId: anna.userId });
    expect(await client.closed).toEqual(ENDED);
    expect(most).toBe(1);
  });

  it('ends a socket even if an older answer is received while it is asked about', async () => {
    const client = await anna.connect();
    const answers: (() => void)[] = [];
    desk.world.delayOfCredentials = () => new Promise((resolve) => answers.push(resolve));
    tell(null);
    await expect.poll(() => answers.length).toBe(1);
    tell({ userId: anna.userId });
    await expect.poll(() => answers.length).toBe(2);
    tell(null); // is asked about when the first answer has been received
    answers[0]?.();
    await expect.poll(() => answers.length).toBe(3);
    anna.end();
    answers[1]?.();
    expect(await client.closed).toEqual(ENDED);
    answers[2]?.();
  });

  it('lets requests be answered by what is so now', async () => {
    expect([await anna.ask(), await bert.ask()]).toEqual([200, 200]);
    for (const person of [anna, bert]) person.end();
    expect([await anna.ask(), await bert.ask()]).toEqual([200, 200]);
    tell({ userId: anna.userId });
    await expect.poll(() => anna.ask()).toBe(401);
    expect(await bert.ask()).toBe(200);
  });

  it('that a client makes itself counts for its next request, and soon for its sockets, unpublished', async () => {
    const client = await anna.connect();
    expect(await anna.accounts()).toEqual([]);
    const input = '{ clientAccountId: "1", name: "grid" }';
    await anna.post(`mutation { openAccount(input: ${input}) { __typename } }`);
    expect(await anna.accounts()).toEqual(['acc-grid']);
    await expect
      .poll(async () => {
        client.subscribe('1', ACCOUNTS);
        const { payload } = await client.next();
        await client.next(); // complete
        return payload;
      })
      .toMatchObject({ data: { viewer: { accounts: [{ id: 'acc-grid' }] } } });
    await client.close();
  });

  it('lets nobody share a question that was asked before', async () => {
    let answer = () => {};
    const held = new Promise<void>((resolve) => (answer = resolve));
    desk.world.delayOfCredentials = () => held;
    const before = asked();
    const first = anna.ask();
    await expect.poll(() => asked() - before).toBe(1);
    tell({ userId: anna.userId });
    const second = anna.ask();
    await expect.poll(() => asked() - before).toBe(2);
    answer();
    expect([await first, await second]).toEqual([200, 200]);
  });
});
