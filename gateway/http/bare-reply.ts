import { STATUS_CODES } from 'node:http';
import { REPLY_HEADERS } from './reply-headers.ts';

/** A reply without a body, as bytes for the wire, where no framework answers; hang up after it. */
export function bareReply(status: number): string {
  const headers = { ...REPLY_HEADERS, 'content-length': '0', connection: 'close' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n`;
}
