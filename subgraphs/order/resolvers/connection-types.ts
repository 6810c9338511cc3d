import type { Connection } from '#shared/graphql/connection.ts';
import type { RecordedFill, RecordedOrder } from '../domain/order-event.ts';
import type { PreventedMatch } from '../domain/prevented-match.ts';
import type { Rfq } from '../domain/rfq/rfq.ts';
import type { QuoteInScale } from './rfq-answers.ts';

/** A page of orders. */
export type OrderPage = Connection<RecordedOrder>;
/** A page of requests for quote. */
export type RfqPage = Connection<Rfq>;
/** A page of a request's quotes. */
export type RfqQuotePage = Connection<QuoteInScale>;
/** A page of fills. */
export type FillPage = Connection<RecordedFill>;
/** A page of prevented matches. */
export type PreventedMatchPage = Connection<PreventedMatch>;
