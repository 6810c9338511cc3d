import type { Redis, Result } from 'ioredis';
import { connectRedis } from './connect-redis.ts';
import type { RedisSettings } from './redis-settings.ts';
import type { SharedState } from './shared-state.ts';

const ANSWER_LIMIT_MS = 500;
/** State that no process renews is forgotten. */
const TEXT_LASTS_MS = 60_000;

/** A duty that would last longer than it was taken for is free: the clock of Redis was set back. */
const HOLD = `
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] and redis.call('PTTL', KEYS[1]) <= tonumber(ARGV[2]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`;
const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
`;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    holdDuty(key: string, owner: string, lastsMs: number): Result<number, Context>;
    releaseDuty(key: string, owner: string): Result<number, Context>;
  }
}

/** The state of all processes that use one Redis. */
export class RedisSharedState implements SharedState {
  readonly #prefix: string;
  readonly #redis: Redis;

  constructor({ url, prefix, onError, onConnected = () => undefined }: RedisSettings) {
    this.#prefix = prefix;
    const settings = {
      // Most units have nothing to share.
      lazyConnect: true,
      maxRetriesPerRequest: 1,
      commandTimeout: ANSWER_LIMIT_MS,
      scripts: {
        holdDuty: { lua: HOLD, numberOfKeys: 1 },
        releaseDuty: { lua: RELEASE, numberOfKeys: 1 },
      },
    };
    this.#redis = connectRedis(url, settings, onError);
    this.#redis.on('ready', onConnected);
  }

  async hold(duty: string, owner: string, lastsMs: number): Promise<boolean> {
    return (await this.#redis.holdDuty(`${this.#prefix}:duty:${duty}`, owner, lastsMs)) === 1;
  }

  async release(duty: string, owner: string): Promise<void> {
    await this.#redis.releaseDuty(`${this.#prefix}:duty:${duty}`, owner);
  }

  async put(name: string, text: string): Promise<void> {
    await this.#redis.set(`${this.#prefix}:state:${name}`, text, 'PX', TEXT_LASTS_MS);
  }

  get(name: string): Promise<string | null> {
    return this.#redis.get(`${this.#prefix}:state:${name}`);
  }

  async dispose(): Promise<void> {
    if (this.#redis.status === 'ready')
      await this.#redis.quit().catch(() => this.#redis.disconnect());
    else this.#redis.disconnect();
  }
}
