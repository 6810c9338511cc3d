/** Hears everything that the connection to a venue hears, as it was sent, in its order. */
export interface FrameTap {
  connected(): void;
  /** One message of the stream. */
  frame(text: string): void;
  /** The answer to a request for a book. */
  answer(venueSymbol: string, body: string): void;
  lost(): void;
}
