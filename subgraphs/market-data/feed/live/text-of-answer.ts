/** The largest answer is Binance's list of instruments, of about 20 MB. */
const LARGEST_ANSWER = 64 * 1024 * 1024;

/** The text of a venue's answer. @throws Error if it is far larger than any answer of a venue */
export async function textOfAnswer({ body }: Response, largest = LARGEST_ANSWER): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of (body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += part.length;
    if (bytes > largest) throw new Error(`The venue answered more than ${largest} bytes.`);
    parts.push(part);
  }
  return new TextDecoder().decode(Buffer.concat(parts));
}
