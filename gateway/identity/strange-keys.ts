import { createHash } from 'node:crypto';
import type { Clock } from '#shared/domain/clock.ts';
import { keepNewest } from '#shared/domain/keep-newest.ts';
import { rateLimited } from '#shared/graphql/domain-error.ts';
import { retryAfter } from '../limits/charge-refusal.ts';
import { Offenses } from '../limits/offenses.ts';

/** How long a key is remembered as valid after it was last found so. */
const VALID_FOR_MS = 3_600_000;
const MAX_KEYS = 10_000;

/** An API key, and the address it is shown from. */
interface ShownKey {
  readonly apiKey: string;
  readonly address: string;
}

/**
 * Counts API keys that do not exist, by address: each costs a question to the account subgraph. An address that has
 * shown too many is barred with them, and with keys that were not valid here within the hour, until some are forgiven.
 * It can send anything else meanwhile. In memory and bounded; only hashes of keys are kept.
 */
export class StrangeKeys {
  readonly #clock: Clock;
  readonly #offenses: Offenses;
  readonly #validUntilMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#offenses = new Offenses(clock);
  }

  /** @throws DomainError RATE_LIMITED (HTTP 429) if this key is not to be asked about now */
  admit({ apiKey, address }: ShownKey): void {
    const barredMs = this.#offenses.barredForMs(address);
    if (barredMs === 0 || (this.#validUntilMs.get(hashOf(apiKey)) ?? 0) > this.#clock.now()) return;
    const message = 'Too many API keys that do not exist were sent from this address.';
    throw rateLimited(message, {
      retryAfterMs: barredMs,
      http: { status: 429, headers: retryAfter(barredMs) },
    });
  }

  /** A key was found to be valid. */
  noteValid({ apiKey }: Pick<ShownKey, 'apiKey'>): void {
    const untilMs = this.#clock.now() + VALID_FOR_MS;
    keepNewest(this.#validUntilMs, [hashOf(apiKey), untilMs], MAX_KEYS);
  }

  /** A key was found not to exist. */
  noteUnknown({ address }: Pick<ShownKey, 'address'>): void {
    this.#offenses.note(address);
  }
}

function hashOf(apiKey: string): string {
  return createHash('sha256').update(apiKey).digest('base64url');
}
