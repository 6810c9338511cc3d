/** A longer text has a header of another form. */
export const MAX_FRAME_BYTES = 0xffff;

/** Headers of text frames by the length of their payload, each made when first needed. */
const HEADERS: string[] = [];

/** A complete text frame, each character a byte. @param text ASCII, at most `MAX_FRAME_BYTES` */
export function textFrame(text: string): string {
  return headerOf(text.length) + text;
}

/** A complete ping frame. @param payload ASCII, at most 125 characters */
export function pingFrame(payload: string): string {
  return String.fromCharCode(0x89, payload.length) + payload;
}

function headerOf(length: number): string {
  return (HEADERS[length] ??=
    length < 126
      ? String.fromCharCode(0x81, length)
      : String.fromCharCode(0x81, 126, length >> 8, length & 0xff));
}
