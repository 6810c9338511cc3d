import { PrismaPg } from '@prisma/adapter-pg';
import {
  ColumnTypeEnum,
  DriverAdapterError,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import type pg from 'pg';
import { invariant } from '#shared/domain/invariant.ts';

/** OID of PostgreSQL's internal one-byte type `"char"`, which its catalogs use. */
const CHAR = 18;
const CHAR_ARRAY = 1002;
/** Prisma records the start of a migration before its script, and its end after. */
const RECORD_END = `
DO $$ BEGIN
  IF to_regclass('_prisma_migrations') IS NOT NULL THEN
    UPDATE _prisma_migrations SET finished_at = now() WHERE finished_at IS NULL AND rolled_back_at IS NULL;
  END IF;
END $$`;

/** What the engine needs besides the database itself; omit what the caller does not use. */
export interface SchemaEngineConnections {
  /** An empty database for comparing migrations with a schema. */
  readonly scratchUrl?: string;
  /** Runs the scripts that change the database, instead of any connection. */
  readonly session?: pg.Client;
}

type RunScript = (script: string) => Promise<unknown>;
type PgAdapter = Awaited<ReturnType<PrismaPg['connect']>>;

/**
 * Prisma's adapter, adapted for its schema engine. The original has three defects that only the engine
 * notices: it cannot read the catalogs (type `"char"`); it splits a migration at every semicolon, even
 * inside comments and function bodies; and given a connection string, it applies the migrations of a
 * comparison to the real database instead of a temporary one.
 * A script that runs in the session also records its own end: both are committed, or neither.
 */
export function createSchemaEngineAdapter(
  databaseUrl: string,
  { scratchUrl, session }: SchemaEngineConnections,
): SqlMigrationAwareDriverAdapterFactory {
  // Idle connections close immediately; one would keep the database from being renamed or dropped.
  const open = async (connectionString: string, runScript?: RunScript) =>
    fitForEngine(
      await new PrismaPg({ connectionString, idleTimeoutMillis: 1 }).connect(),
      runScript,
    );
  return {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: () =>
      open(databaseUrl, session && ((script) => session.query(`${script}\n;${RECORD_END}`))),
    connectToShadowDb: () => {
      invariant(scratchUrl !== undefined, 'migrations are compared on a scratch database only');
      return open(scratchUrl);
    },
  };
}

function fitForEngine(adapter: PgAdapter, runScript?: RunScript): SqlDriverAdapter {
  const pool = adapter.underlyingDriver();
  disguiseChar(pool);
  const queryRaw = adapter.queryRaw.bind(adapter);
  return Object.assign(adapter, {
    queryRaw: async (query: Parameters<typeof queryRaw>[0]) => {
      const result = await queryRaw(query);
      const columnTypes = result.columnTypes.map((type) =>
        type === ColumnTypeEnum.CharacterArray ? ColumnTypeEnum.Character : type,
      );
      return { ...result, columnTypes };
    },
    executeScript: (script: string) =>
      executeWhole(script, runScript ?? ((text) => pool.query(text))),
  });
}

/** The adapter knows arrays of the type, which no catalog query asks for, but not the type itself. */
function disguiseChar(pool: pg.Pool): void {
  const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<pg.QueryResult>;
  const disguised = async (...args: unknown[]) => {
    const result = await query(...args);
    for (const field of result.fields ?? [])
      if (field.dataTypeID === CHAR) field.dataTypeID = CHAR_ARRAY;
    return result;
  };
  Object.assign(pool, { query: disguised });
}

/** Sends the script as one message, which is one transaction: a failed migration leaves nothing behind. */
async function executeWhole(script: string, run: RunScript): Promise<void> {
  try {
    await run(script);
  } catch (error) {
    const { code, severity, message, detail, column, hint } = error as pg.DatabaseError;
    throw new DriverAdapterError({
      kind: 'postgres',
      code: code ?? 'N/A',
      severity: severity ?? 'N/A',
      message,
      detail,
      column,
      hint,
    });
  }
}
