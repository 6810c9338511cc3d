import type { EventEmitter } from 'node:events';

/** What a span says besides its name and time. Never anything that a client wrote. */
export type TraceAttributes = Readonly<Record<string, string | number | boolean>>;
/** Headers of a request between units. */
type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A request as it comes in, and what says when its answer is over. */
export interface TracedRequest {
  readonly name: string;
  readonly attributes: TraceAttributes;
  /** Those of a neighbor whose trace this belongs to; null if nobody is believed. */
  readonly headers: Headers | null;
  /** Emits `close` at the end. */
  readonly response: EventEmitter & { readonly statusCode: number };
}

/** Where spans are made. */
export interface Tracer {
  /** Does work as a span of its own, a part of what is traced around it. */
  span<Result>(name: string, attributes: TraceAttributes, work: () => Result): Result;
  /** Lets what follows be a part of this request. */
  request(request: TracedRequest, next: () => void): void;
  /** Does work outside of every span, with all that begins in it. */
  outside<Result>(work: () => Result): Result;
  /** Adds to the span that is under way. */
  annotate(attributes: TraceAttributes): void;
  /** What a request to a neighbor has to carry. */
  headers(): Readonly<Record<string, string>>;
  /** Sends what was not sent yet. */
  stop(): Promise<void>;
}

const NO_HEADERS: Readonly<Record<string, string>> = {};
/** One for the whole process: a statement of a database client has nobody to hand it one. */
let tracer: Tracer | null = null;

/** Whether anything is traced. */
export function isTracing(): boolean {
  return tracer !== null;
}

/**
 * Begins to trace, where an endpoint is configured; else nothing of it is even loaded.
 * @param options.service what the process is called
 * @param options.endpoint where an OTLP receiver listens over HTTP, like `http://127.0.0.1:4318`
 * @returns what ends it, having sent what is left
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

/** Does work as a span of its own, where anything is traced. */
export function traced<Result>(
  name: string,
  attributes: TraceAttributes,
  work: () => Result,
): Result {
  return tracer === null ? work() : tracer.span(name, attributes, work);
}

/** Lets what follows be a part of a request, where anything is traced. */
export function traceRequest(request: TracedRequest, next: () => void): void {
  if (tracer === null) next();
  else tracer.request(request, next);
}

/**
 * Does work outside of every span, where anything is traced: what lives longer than the request that
 * began it, and serves others too, is no part of that request.
 */
export function untraced<Result>(work: () => Result): Result {
  return tracer === null ? work() : tracer.outside(work);
}

/** Adds to the span that is under way, if there is one. */
export function annotate(attributes: TraceAttributes): void {
  tracer?.annotate(attributes);
}

/** What a request to a neighbor has to carry so that its part is seen in the same trace. */
export function traceHeaders(): Readonly<Record<string, string>> {
  return tracer?.headers() ?? NO_HEADERS;
}
