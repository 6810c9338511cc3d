import type { EventEmitter } from 'node:events';

/** The attributes of a span besides its name and time. Never anything that a client wrote. */
export type TraceAttributes = Readonly<Record<string, string | number | boolean>>;
/** Headers of a request between units. */
type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** An incoming request, and what signals the end of its answer. */
export interface TracedRequest {
  readonly name: string;
  readonly attributes: TraceAttributes;
  /** The headers of a neighbor whose trace this belongs to; null if the caller is not believed. */
  readonly headers: Headers | null;
  /** Emits `close` at the end. */
  readonly response: EventEmitter & { readonly statusCode: number };
}

/** Where spans are made. */
export interface Tracer {
  /** Runs work as a span of its own, a part of the surrounding one. */
  span<Result>(name: string, attributes: TraceAttributes, work: () => Result): Result;
  /** Makes what follows a part of this request. */
  request(request: TracedRequest, next: () => void): void;
  /** Runs work, and everything it starts, outside of every span. */
  outside<Result>(work: () => Result): Result;
  /** Adds attributes to the current span. */
  annotate(attributes: TraceAttributes): void;
  /** The headers that a request to a neighbor must carry. */
  headers(): Readonly<Record<string, string>>;
  /** Sends what has not been sent yet. */
  stop(): Promise<void>;
}

const NO_HEADERS: Readonly<Record<string, string>> = {};
/** One for the whole process: nothing could pass one to the statements of a database client. */
let tracer: Tracer | null = null;

/** Whether anything is traced. */
export function isTracing(): boolean {
  return tracer !== null;
}

/**
 * Starts tracing if an endpoint is configured; otherwise none of it is even loaded.
 * @param options.service the name of the process
 * @param options.endpoint where an OTLP receiver listens over HTTP, like `http://127.0.0.1:4318`
 * @returns a function that sends what is left and ends tracing
 */
export async function openTracing(options: {
  readonly service: string;
  readonly endpoint: string | undefined;
}): Promise<() => Promise<void>> {
  const { service, endpoint } = options;
  if (endpoint === undefined) return () => Promise.resolve();
  const { createOtlpTracer } = await import('./otlp-tracer.ts');
  const opened = createOtlpTracer({ service, endpoint });
  tracer = opened;
  return async () => {
    if (tracer !== opened) return; // ended already
    tracer = null;
    await opened.stop();
  };
}

/** Runs work as a span of its own, if anything is traced. */
export function traced<Result>(
  name: string,
  attributes: TraceAttributes,
  work: () => Result,
): Result {
  return tracer === null ? work() : tracer.span(name, attributes, work);
}

/** Makes what follows a part of a request, if anything is traced. */
export function traceRequest(request: TracedRequest, next: () => void): void {
  if (tracer === null) next();
  else tracer.request(request, next);
}

/**
 * Runs work outside of every span, if anything is traced: what outlives the request that began it,
 * and serves others too, is no part of that request.
 */
export function untraced<Result>(work: () => Result): Result {
  return tracer === null ? work() : tracer.outside(work);
}

/** Adds attributes to the current span, if there is one. */
export function annotate(attributes: TraceAttributes): void {
  tracer?.annotate(attributes);
}

/**
 * The headers that a request to a neighbor must carry, so that its part appears in the same trace.
 */
export function traceHeaders(): Readonly<Record<string, string>> {
  return tracer?.headers() ?? NO_HEADERS;
}
