import { randomUUID } from 'node:crypto';
import { isRaised } from '#shared/store/database-failure.ts';
import { Prisma, type PrismaClient } from '../__generated__/prisma/client.ts';
import { NotOwnerError } from '../domain/ports/not-owner-error.ts';
import type { OwnerLease } from '../domain/ports/owner-lease.ts';

/** A process that does not renew the lease for this long loses it; only the database's clock counts. */
const LEASE_SECONDS = 2;
/** No lease lasts this long: the clock was set back, and an owner that is gone would keep it until then. */
const IMPOSSIBLE_SECONDS = 2 * LEASE_SECONDS;
/** The lease's name. It covers all instruments of this store: one process matches them all. */
const NAME = 'orders';
/** The error that `assert_owner` raises. */
const NOT_OWNER = 'DG002';

/** The lease as a row of the order store, and the fence that it puts before every write. */
export class PostgresOwnerLease implements OwnerLease {
  readonly #prisma: PrismaClient;
  readonly #owner = randomUUID();
  #token: bigint | null = null;
  /**
   * When the lease expires at the earliest, by this process's monotonic clock, counted from before the renewal was
   * sent.
   */
  #lastsUntilMs = -Infinity;

  constructor(prisma: PrismaClient) {
    this.#prisma = prisma;
  }

  async take(): Promise<boolean> {
    const askedAtMs = performance.now();
    const [taken] = await this.#prisma.$queryRaw<{ token: bigint }[]>`
      INSERT INTO owner_leases AS l (name, token, owner, expires_at)
      VALUES (${NAME}, 1, ${this.#owner}, now() + make_interval(secs => ${LEASE_SECONDS}))
      ON CONFLICT (name) DO UPDATE
      SET token = l.token + 1, owner = EXCLUDED.owner, expires_at = EXCLUDED.expires_at
      WHERE l.expires_at <= now() OR l.expires_at > now() + make_interval(secs => ${IMPOSSIBLE_SECONDS})
      RETURNING token`;
    this.#token = taken?.token ?? null;
    if (taken !== undefined) this.#lastsUntilMs = askedAtMs + LEASE_SECONDS * 1000;
    return taken !== undefined;
  }

  async renew(): Promise<boolean> {
    const askedAtMs = performance.now();
    const renewed = await this.#prisma.$executeRaw`
      UPDATE owner_leases SET expires_at = now() + make_interval(secs => ${LEASE_SECONDS})
      WHERE name = ${NAME} AND token = ${this.#token}`;
    if (renewed === 0) this.#token = null;
    else this.#lastsUntilMs = askedAtMs + LEASE_SECONDS * 1000;
    return renewed > 0;
  }

  async release(): Promise<void> {
    await this.#prisma.$executeRaw`
      UPDATE owner_leases SET expires_at = now() WHERE name = ${NAME} AND token = ${this.#token}`;
    this.#token = null;
  }

  /** Whether this process took the lease and has not learned that it lost it. */
  get isHeld(): boolean {
    return this.#token !== null;
  }

  /** Whether no other process can have taken the lease yet. If false, only the fence can find out. */
  get isSurelyHeld(): boolean {
    return this.isHeld && performance.now() < this.#lastsUntilMs;
  }

  /**
   * The first part of a statement that only the owner may run. It locks the lease's row until the end of the statement,
   * so that nobody can take the lease meanwhile. The statement must select `is_owner` from it.
   * @throws NotOwnerError if this process already knows that it is not the owner
   */
  fence(): Prisma.Sql {
    if (this.#token === null) throw new NotOwnerError();
    return Prisma.sql`fence AS MATERIALIZED (
      SELECT assert_owner(${NAME}, ${this.#token}) AS is_owner
    )`;
  }

  /** Maps an error of a fenced statement: to a {@link NotOwnerError} if the fence raised it, otherwise unchanged. */
  explain(cause: unknown): unknown {
    return isRaised(cause, NOT_OWNER) ? new NotOwnerError(cause) : cause;
  }
}
