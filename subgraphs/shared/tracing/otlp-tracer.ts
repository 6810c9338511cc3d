import {
  context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { Resource } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { TraceAttributes, TracedRequest, Tracer } from './tracing.ts';

const PATH = '/v1/traces';
const FIRST_SERVER_ERROR = 500;

/**
 * Makes spans and sends them to an OTLP receiver. Only this file uses the packages, and it is
 * loaded only if a receiver is configured. No global provider is registered: spans are what is
 * written here, not what some library records.
 */
export function createOtlpTracer(options: {
  readonly service: string;
  readonly endpoint: string;
}): Tracer {
  const url = `${options.endpoint.replace(/\/$/, '')}${PATH}`;
  const provider = new BasicTracerProvider({
    resource: new Resource({ 'service.name': options.service }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url }))],
  });
  const manager = new AsyncLocalStorageContextManager().enable();
  context.setGlobalContextManager(manager);
  const spans = provider.getTracer('deskgraph');
  const propagator = new W3CTraceContextPropagator();
  return {
    span: (name, attributes, work) => {
      const span = spans.startSpan(name, { attributes });
      return context.with(trace.setSpan(context.active(), span), () => ended(span, work));
    },
    request: (request, next) => {
      const { headers } = request;
      const parent =
        headers === null
          ? ROOT_CONTEXT
          : propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
      const { name, attributes } = request;
      const span = spans.startSpan(name, { kind: SpanKind.SERVER, attributes }, parent);
      endWithResponse(span, request);
      context.with(trace.setSpan(parent, span), next);
    },
    outside: (work) => context.with(ROOT_CONTEXT, work),
    annotate: (attributes: TraceAttributes) => trace.getActiveSpan()?.setAttributes(attributes),
    headers: () => {
      const headers: Record<string, string> = {};
      propagator.inject(context.active(), headers, defaultTextMapSetter);
      return headers;
    },
    stop: async () => {
      await provider.shutdown();
      context.disable();
    },
  };
}

/**
 * Ends a span with its work, whether that is a promise or not; of a failure only its kind is
 * recorded.
 */
function ended<Result>(span: Span, work: () => Result): Result {
  const fail = (cause: unknown): never => {
    const message = cause instanceof Error ? cause.name : 'failed';
    span.setStatus({ code: SpanStatusCode.ERROR, message });
    span.end();
    throw cause;
  };
  try {
    const result = work();
    if (!(result instanceof Promise)) {
      span.end();
      return result;
    }
    return result.then((value: unknown) => {
      span.end();
      return value;
    }, fail) as Result;
  } catch (cause) {
    return fail(cause);
  }
}

function endWithResponse(span: Span, { response }: TracedRequest): void {
  response.once('close', () => {
    span.setAttribute('http.response.status_code', response.statusCode);
    if (response.statusCode >= FIRST_SERVER_ERROR) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  });
}
