/** A message of a venue: its bytes as a socket brings them, in UTF-8, or its text as it was recorded. */
export type SentFrame = Uint8Array | string;

/** The text of a message. */
export function textOfFrame(frame: SentFrame): string {
  return typeof frame === 'string'
    ? frame
    : Buffer.from(frame.buffer, frame.byteOffset, frame.length).toString();
}
