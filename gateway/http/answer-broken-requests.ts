import type { Socket } from 'node:net';
import { bareReply } from './bare-reply.ts';

const STATUSES: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

/** Answers what is not a complete HTTP request, so that no route ever sees it, and hangs up. */
export function answerBrokenRequest({ code }: { readonly code?: string }, socket: Socket): void {
  if (code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  socket.end(bareReply(STATUSES[code ?? ''] ?? 400), () => socket.destroy());
}
