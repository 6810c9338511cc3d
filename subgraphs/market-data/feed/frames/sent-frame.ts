/** A venue's message: UTF-8 bytes from a socket, or text from a recording. */
export type SentFrame = Uint8Array | string;

/** The text of a message. */
export function textOfFrame(frame: SentFrame): string {
  return typeof frame === 'string'
    ? frame
    : Buffer.from(frame.buffer, frame.byteOffset, frame.length).toString();
}
