/** Receives everything that a connection to a venue receives, unchanged and in order. */
export interface FrameTap {
  connected(): void;
  /** Receives one message of the stream. */
  frame(text: string): void;
  /** Receives the response to a request for a book. */
  answer(venueSymbol: string, body: string): void;
  lost(): void;
}
