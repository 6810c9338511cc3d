import type { PrismaPg } from '@prisma/adapter-pg';
import { isTracing, traced } from '#shared/tracing/tracing.ts';

type Method = (...args: readonly unknown[]) => Promise<unknown>;

/** Sends a statement with its values: the text has `$1` in their place. */
const STATEMENTS: ReadonlySet<string | symbol> = new Set(['queryRaw', 'executeRaw']);
/** What ends a transaction. */
const ENDS: ReadonlySet<string | symbol> = new Set(['commit', 'rollback']);
const MAX_TEXT = 2000;

/** The same adapter, with a span for each statement: its text, without its values. */
export function tracedAdapter(adapter: PrismaPg): PrismaPg {
  return intercepted(adapter, (name, method) =>
    name === 'connect' ? async (...args) => tracedQueries(await method(...args)) : method,
  );
}

/** Runs a statement as a span with its text, where anything is traced. */
export function traceStatement<Result>(sql: string, run: () => Result): Result {
  return isTracing() ? traced(`sql ${commandOf(sql)}`, describe(sql), run) : run();
}

function tracedQueries(queries: unknown): unknown {
  return intercepted(queries as object, (name, method) => {
    if (name === 'startTransaction')
      return (...args) => traced('sql BEGIN', {}, async () => tracedQueries(await method(...args)));
    if (STATEMENTS.has(name))
      return (...args) => {
        const { sql } = args[0] as { readonly sql: string };
        return traceStatement(sql, () => method(...args));
      };
    return ENDS.has(name)
      ? (...args) => traced(`sql ${String(name).toUpperCase()}`, {}, () => method(...args))
      : method;
  });
}

function describe(sql: string) {
  return { 'db.system.name': 'postgresql', 'db.query.text': sql.slice(0, MAX_TEXT) };
}

function commandOf(sql: string): string {
  return /^\s*([A-Za-z]+)/.exec(sql)?.[1]?.toUpperCase() ?? 'statement';
}

/** An object with some methods replaced; all others are called on the original. */
function intercepted<Target extends object>(
  target: Target,
  replace: (name: string | symbol, method: Method) => Method,
): Target {
  return new Proxy(target, {
    get: (_target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? replace(name, value.bind(target) as Method) : value;
    },
  });
}
