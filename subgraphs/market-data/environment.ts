import { z } from 'zod';
import { readEnvironment } from '#shared/environment/read-environment.ts';
import { subgraphEnvironment } from '#shared/environment/subgraph-variables.ts';
import { flagVariable, httpUrlVariable, wholeVariable } from '#shared/environment/variables.ts';
import { isVenue, type Venue } from './domain/catalog/catalog.ts';
import type { FeedSettings } from './feed/feed-settings.ts';

const ORIGIN = /^(?<venue>[a-z]+)=(?<origin>https?:\/\/\S+[^\/])$/;

/** `binance=http://…,kraken=https://…` */
const originsVariable = z.string().transform((text, context) => {
  const origins: Partial<Record<Venue, string>> = {};
  for (const [index, part] of text.split(',').entries()) {
    const { venue = '', origin = '' } = ORIGIN.exec(part.trim())?.groups ?? {};
    if (isVenue(venue) && httpUrlVariable.safeParse(origin).success) origins[venue] = origin;
    else
      context.addIssue({
        code: 'custom',
        message: 'is not <venue>=<origin>, such as kraken=https://proxy.example',
        path: [index],
      });
  }
  return origins;
});

/** Which feed runs, and how; the one-process mode takes the same. */
export const feedVariables = {
  FEED: z
    .string()
    .regex(
      /^(sim|replay:.+|(binance|kraken|coinbase)(, *(binance|kraken|coinbase))*)$/,
      'is not sim, replay:<folder of recordings>, or any of binance,kraken,coinbase',
    )
    .transform((feed) => (feed.startsWith('replay:') ? feed : feed.replaceAll(' ', '')))
    .default('sim'),
  FEED_SPEED: z
    .union([z.literal('max'), z.coerce.number().positive().max(1000)], {
      error: 'is neither max nor a number from 0 to 1000',
    })
    .default(1),
  FEED_LOOP: flagVariable.default(false),
  FEED_START: z.enum(['immediately', 'first-subscription']).default('immediately'),
  VENUE_ORIGINS: originsVariable.optional(),
  SIM_SEED: wholeVariable(0, 0xffff_ffff).default(1),
  MAX_QUOTE_AGE_MS: z.coerce.number().int().min(1).optional(),
} as const;

const schema = subgraphEnvironment(4002, feedVariables);

/** The variables of a market-data process, read and checked. */
export type MarketDataEnvironment = z.output<typeof schema>;

/** The only reader of `process.env` in this subgraph. @throws Error naming every problem */
export function readMarketDataEnvironment(): MarketDataEnvironment {
  return readEnvironment(schema, process.env);
}

/** The venues' addresses for commands. @throws Error naming every problem */
export function readVenueEnvironment(): Pick<MarketDataEnvironment, 'VENUE_ORIGINS'> {
  const { VENUE_ORIGINS } = feedVariables;
  return readEnvironment(z.object({ VENUE_ORIGINS }), process.env);
}

/** The settings of the feed in these variables. */
export function feedSettingsOf(
  environment: Pick<
    MarketDataEnvironment,
    'FEED' | 'FEED_SPEED' | 'FEED_LOOP' | 'FEED_START' | 'SIM_SEED' | 'VENUE_ORIGINS'
  >,
): FeedSettings {
  return {
    source: environment.FEED,
    speed: environment.FEED_SPEED,
    loop: environment.FEED_LOOP,
    start: environment.FEED_START,
    seed: environment.SIM_SEED,
    origins: environment.VENUE_ORIGINS,
  };
}
