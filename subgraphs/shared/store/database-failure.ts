const RETRY_STATES: ReadonlySet<unknown> = new Set(['40001', '40P01']);
const UNIQUE_STATE = '23505';
/** Class 22 is bad data, class 23 a violated constraint. */
const CONTENT_STATE = /^2[23]/;
const MAX_DEPTH = 5;
/**
 * Class 08 is the connection, 28 a password or role that is refused, 3D a database that is not there, 53 a lack of
 * resources, 57 what an operator or a time limit ended, 58 a disk that fails.
 */
const OUTAGE_STATE = /^(08|28|3D|53|57|58)[0-9A-Z]{3}$/;
const OUTAGE_CODES: ReadonlySet<unknown> = new Set([
  '25006', // a database that can only be read, as one that was replaced by another
  '55P03', // a lock that was not free in time
  ...['P1000', 'P1001', 'P1002', 'P1003', 'P1008', 'P1010', 'P1017', 'P2024', 'P2028'], // Prisma's own
  ...['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN'],
  ...['EHOSTUNREACH', 'ENETUNREACH'],
]);
const OUTAGE_KINDS: ReadonlySet<unknown> = new Set([
  'AuthenticationFailed',
  'ConnectionClosed',
  'DatabaseAccessDenied',
  'DatabaseDoesNotExist',
  'DatabaseNotReachable',
  'SocketTimeout',
  'TooManyConnections',
]);
/** What the library says without a code. */
const OUTAGE_MESSAGE =
  /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client .* is not queryable)/;

/**
 * Whether a transaction failed only because of another one (serialization failure or deadlock), so
 * that running it again may succeed. Knows the shapes of that error in Prisma model calls, raw SQL
 * through Prisma, its pg adapter and plain pg.
 */
export function isRetryable(error: unknown): boolean {
  return someCause(
    error,
    (cause) =>
      cause['code'] === 'P2034' ||
      cause['kind'] === 'TransactionWriteConflict' ||
      RETRY_STATES.has(cause['code']) ||
      RETRY_STATES.has(cause['originalCode']),
  );
}

/** Whether a row with this unique key already existed, in any of the shapes of that error. */
export function isUniqueViolation(error: unknown): boolean {
  return someCause(
    error,
    (cause) =>
      cause['code'] === 'P2002' ||
      cause['kind'] === 'UniqueConstraintViolation' ||
      cause['code'] === UNIQUE_STATE ||
      cause['originalCode'] === UNIQUE_STATE,
  );
}

/** Whether a database function of ours raised this, by the SQLSTATE that only it raises. */
export function isRaised(error: unknown, state: string): boolean {
  return someCause(error, (cause) => cause['code'] === state || cause['originalCode'] === state);
}

/** Whether the database refused what was to be written: a constraint or a value out of range. */
export function isContentRefusal(error: unknown): boolean {
  return someCause(
    error,
    (cause) =>
      CONTENT_STATE.test(String(cause['code'])) ||
      CONTENT_STATE.test(String(cause['originalCode'])),
  );
}

/**
 * Whether the database could not be reached, did not answer in time or accepts no writes: nothing is wrong with what was
 * asked, and later it can succeed.
 */
export function isOutage(error: unknown): boolean {
  return someCause(
    error,
    (cause) =>
      OUTAGE_CODES.has(cause['code']) ||
      OUTAGE_CODES.has(cause['originalCode']) ||
      OUTAGE_STATE.test(String(cause['code'])) ||
      OUTAGE_STATE.test(String(cause['originalCode'])) ||
      OUTAGE_KINDS.has(cause['kind']) ||
      OUTAGE_MESSAGE.test(String(cause['message'])),
  );
}

type Fields = Readonly<Record<string, unknown>>;

function someCause(error: unknown, matches: (cause: Fields) => boolean, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > MAX_DEPTH) return false;
  const cause = error as Fields;
  if (matches(cause)) return true;
  const meta = cause['meta'] as Fields | undefined;
  return (
    someCause(cause['cause'], matches, depth + 1) ||
    // What graphql-js makes of an error that a stream could not begin with.
    someCause(cause['originalError'], matches, depth + 1) ||
    someCause(meta?.['driverAdapterError'], matches, depth + 1)
  );
}
