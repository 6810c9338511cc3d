/** Streams what happens to a request. */
export const QUOTE_STREAM = /* GraphQL */ `
  subscription ($rfqId: ID!, $after: String) {
    quoteStream(rfqId: $rfqId, after: $after) {
      __typename
      ... on RfqSnapshot {
        sequence
        cursor
        rfq {
          status
        }
        firmQuotes {
          id
          basis {
            midPrice
          }
        }
      }
      ... on RfqEvent {
        type
        status
        sequence
        cursor
        quote {
          id
          basis {
            midPrice
          }
        }
        settlement {
          status
        }
      }
    }
  }
`;

interface StreamedQuote {
  readonly basis: { readonly midPrice: string };
}

/** An item as {@link QUOTE_STREAM} selects it. */
export interface StreamItem {
  readonly __typename: string;
  readonly type?: string;
  readonly status?: string;
  readonly sequence: string;
  readonly cursor: string;
  readonly firmQuotes?: readonly StreamedQuote[];
  readonly quote?: StreamedQuote | null;
  readonly settlement?: { readonly status: string } | null;
}
