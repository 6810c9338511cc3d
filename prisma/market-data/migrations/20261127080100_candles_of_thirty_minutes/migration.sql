-- Half an hour is made of its two quarters, as far as they are there; the prices of one without trades
-- are the close before it, and count only where both are. A half with only one says why, unless nothing
-- was traded in the other; the last half goes on if its second quarter is not over.
WITH quarters AS (
    SELECT *,
        date_bin('30 minutes', "open_time", timestamptz 'epoch') AS "half",
        lead("gap_reason") OVER (PARTITION BY "symbol" ORDER BY "open_time") AS "next_gap_reason"
    FROM "candles"
    WHERE "interval" = 'FIFTEEN_MINUTES'
), halves AS (
    SELECT "symbol", "half",
        (array_agg("open" ORDER BY "volume" > 0 DESC, "open_time"))[1] AS "open",
        coalesce(max("high") FILTER (WHERE "volume" > 0), max("high")) AS "high",
        coalesce(min("low") FILTER (WHERE "volume" > 0), min("low")) AS "low",
        (array_agg("close" ORDER BY "volume" > 0 DESC, "open_time" DESC))[1] AS "close",
        sum("volume") AS "volume",
        sum("quote_volume") AS "quote_volume",
        sum("trade_count")::int AS "trade_count",
        sum("taker_buy_volume") AS "taker_buy_volume",
        bool_or("closed" AND "open_time" > "half") AS "has_ended",
        bool_and("source" = 'TRADES') AS "is_of_trades",
        (array_agg("gap_reason" ORDER BY "open_time"))[1] AS "gap_reason",
        min("loss_reason") AS "loss_reason",
        CASE
            WHEN count(*) = 2 THEN NULL
            WHEN bool_and("open_time" = "half") THEN min("next_gap_reason")
            ELSE min("gap_reason")
        END AS "missing_reason",
        count(*) AS "quarters"
    FROM quarters
    GROUP BY "symbol", "half"
), linked AS (
    SELECT *,
        lag("half") OVER neighbors + interval '30 minutes' AS "expected",
        lead("half") OVER neighbors IS NOT NULL AS "has_next"
    FROM halves
    WINDOW neighbors AS (PARTITION BY "symbol" ORDER BY "half")
)
INSERT INTO "candles" ("symbol", "interval", "open_time", "open", "high", "low", "close", "volume",
    "quote_volume", "trade_count", "taker_buy_volume", "closed", "revision", "source", "gap_from",
    "gap_reason", "loss_reason")
SELECT "symbol", 'THIRTY_MINUTES'::"candle_interval", "half", "open", "high", "low", "close", "volume",
    "quote_volume", "trade_count", "taker_buy_volume", "has_ended" OR "has_next", 1,
    CASE WHEN "is_of_trades" THEN 'TRADES' ELSE 'ROLLED_UP' END::"candle_source",
    CASE WHEN "expected" < "half" THEN "expected" END,
    CASE WHEN "expected" < "half" THEN coalesce("gap_reason", 'NOT_IMPORTED') END,
    coalesce("loss_reason", nullif("missing_reason", 'SILENT'),
        CASE WHEN "quarters" = 1 AND NOT "is_of_trades" THEN 'NOT_IMPORTED'::"candle_gap_reason" END)
FROM linked;
