import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type { SchemaEngine } from '@prisma/schema-engine-wasm';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import {
  createSchemaEngineAdapter,
  type SchemaEngineConnections,
} from './schema-engine-adapter.ts';

/** We manage everything in our databases, so the engine excludes nothing. */
export const NO_FILTERS = { externalTables: [], externalEnums: [] };

/** The part of the global that we use; only the browser's types declare it. */
declare const WebAssembly: {
  instantiate(
    bytes: Uint8Array,
    imports: Readonly<Record<string, object>>,
  ): Promise<{ readonly instance: { readonly exports: Readonly<Record<string, unknown>> } }>;
};

let loading: Promise<void> | null = null;

/**
 * Opens Prisma's own schema engine, compiled to WebAssembly, on one database. It is part of an
 * npm package, so neither applying nor creating migrations downloads anything.
 * @throws the driver's error if the database cannot be reached
 */
export async function openSchemaEngine(
  databaseUrl: string,
  connections: SchemaEngineConnections,
): Promise<SchemaEngine> {
  // Three stores are migrated in parallel with one module.
  loading ??= loadModule();
  await loading;
  const adapter = bindMigrationAwareSqlAdapterFactory(
    createSchemaEngineAdapter(databaseUrl, connections),
  );
  const ignoreLog = () => undefined;
  return bindings.SchemaEngine.new({ datamodels: undefined }, ignoreLog, adapter);
}

/** The package leaves loading the module to a bundler; Node has none, so it is done by hand. */
async function loadModule(): Promise<void> {
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm');
  const bytes = await readFile(path.join(path.dirname(entry), 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, {
    './schema_engine_bg.js': bindings,
  });
  const { __wbg_set_wasm: setModule } = bindings as unknown as {
    __wbg_set_wasm(exports: object): void;
  };
  // The engine reports a crash of its own through this global before it traps.
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: reportPanic } });
  setModule(instance.exports);
  (instance.exports['__wbindgen_start'] as () => void)();
}

function reportPanic(message: string): void {
  process.stderr.write(`Prisma's schema engine: ${message}\n`);
}
