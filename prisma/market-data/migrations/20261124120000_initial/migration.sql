-- CreateEnum
CREATE TYPE "instrument_status" AS ENUM ('TRADING', 'CANCEL_ONLY', 'HALTED', 'CLOSED');

-- CreateEnum
CREATE TYPE "candle_interval" AS ENUM ('ONE_SECOND', 'ONE_MINUTE', 'FIVE_MINUTES', 'FIFTEEN_MINUTES', 'ONE_HOUR', 'FOUR_HOURS', 'ONE_DAY', 'ONE_WEEK');

-- CreateEnum
CREATE TYPE "aggressor_side" AS ENUM ('BUY', 'SELL');

-- CreateTable
CREATE TABLE "assets" (
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "scale" SMALLINT NOT NULL,

    CONSTRAINT "assets_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "instruments" (
    "symbol" TEXT NOT NULL,
    "base_code" TEXT NOT NULL,
    "quote_code" TEXT NOT NULL,
    "status" "instrument_status" NOT NULL DEFAULT 'TRADING',
    "price_scale" SMALLINT NOT NULL,
    "quantity_scale" SMALLINT NOT NULL,
    "tick_size" DECIMAL(38,18) NOT NULL,
    "quantity_step" DECIMAL(38,18) NOT NULL,
    "min_quantity" DECIMAL(38,18) NOT NULL,
    "max_quantity" DECIMAL(38,18) NOT NULL,
    "min_notional" DECIMAL(38,18) NOT NULL,
    "max_notional" DECIMAL(38,18) NOT NULL,
    "maker_fee_rate" DECIMAL(38,18) NOT NULL,
    "taker_fee_rate" DECIMAL(38,18) NOT NULL,
    "collar_rate" DECIMAL(38,18) NOT NULL,
    "max_quote_age_ms" INTEGER NOT NULL,

    CONSTRAINT "instruments_pkey" PRIMARY KEY ("symbol")
);

-- CreateTable
CREATE TABLE "candles" (
    "symbol" TEXT NOT NULL,
    "interval" "candle_interval" NOT NULL,
    "open_time" TIMESTAMPTZ(3) NOT NULL,
    "open" DECIMAL(38,18) NOT NULL,
    "high" DECIMAL(38,18) NOT NULL,
    "low" DECIMAL(38,18) NOT NULL,
    "close" DECIMAL(38,18) NOT NULL,
    "volume" DECIMAL(38,18) NOT NULL,
    "quote_volume" DECIMAL(38,18) NOT NULL,
    "trade_count" INTEGER NOT NULL,
    "taker_buy_volume" DECIMAL(38,18) NOT NULL,
    "closed" BOOLEAN NOT NULL,
    "revision" INTEGER NOT NULL,

    CONSTRAINT "candles_pkey" PRIMARY KEY ("symbol","interval","open_time")
);

-- CreateTable
CREATE TABLE "trades" (
    "symbol" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "trade_id" TEXT NOT NULL,
    "price" DECIMAL(38,18) NOT NULL,
    "quantity" DECIMAL(38,18) NOT NULL,
    "aggressor_side" "aggressor_side",
    "exchange_time" TIMESTAMPTZ(3) NOT NULL,
    "received_time" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "trades_pkey" PRIMARY KEY ("symbol","sequence")
);

-- AddForeignKey
ALTER TABLE "instruments" ADD CONSTRAINT "instruments_base_code_fkey" FOREIGN KEY ("base_code") REFERENCES "assets"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "instruments" ADD CONSTRAINT "instruments_quote_code_fkey" FOREIGN KEY ("quote_code") REFERENCES "assets"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma cannot say.
ALTER TABLE "assets"
    ADD CONSTRAINT "assets_scale_check" CHECK ("scale" BETWEEN 0 AND 18);

-- Price × quantity must be exact; that it fits the quote asset's scale is checked where it is read.
ALTER TABLE "instruments"
    ADD CONSTRAINT "instruments_scales_check" CHECK (
        "price_scale" >= 0 AND "quantity_scale" >= 0 AND "price_scale" + "quantity_scale" <= 18
    ),
    ADD CONSTRAINT "instruments_steps_check" CHECK (
        "tick_size" > 0 AND "quantity_step" > 0
        AND scale(trim_scale("tick_size")) <= "price_scale"
        AND scale(trim_scale("quantity_step")) <= "quantity_scale"
    ),
    ADD CONSTRAINT "instruments_bounds_check" CHECK (
        "min_quantity" > 0 AND "min_quantity" <= "max_quantity"
        AND "min_notional" >= 0 AND "min_notional" <= "max_notional"
    ),
    ADD CONSTRAINT "instruments_rates_check" CHECK (
        "maker_fee_rate" BETWEEN 0 AND 1 AND "taker_fee_rate" BETWEEN 0 AND 1 AND "collar_rate" > 0
    ),
    ADD CONSTRAINT "instruments_max_quote_age_check" CHECK ("max_quote_age_ms" > 0);

ALTER TABLE "candles"
    ADD CONSTRAINT "candles_prices_check" CHECK (
        "low" <= "open" AND "low" <= "close" AND "high" >= "open" AND "high" >= "close"
    ),
    ADD CONSTRAINT "candles_sums_check" CHECK (
        "volume" >= "taker_buy_volume" AND "taker_buy_volume" >= 0 AND "trade_count" >= 0
        AND "revision" >= 1
    );

ALTER TABLE "trades"
    ADD CONSTRAINT "trades_amounts_check" CHECK ("price" > 0 AND "quantity" > 0),
    ADD CONSTRAINT "trades_sequence_check" CHECK ("sequence" > 0);
