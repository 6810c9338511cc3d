-- CreateEnum
CREATE TYPE "OrderSide" AS ENUM ('BUY', 'SELL');

-- CreateEnum
CREATE TYPE "OrderType" AS ENUM ('LIMIT', 'MARKET');

-- CreateEnum
CREATE TYPE "TimeInForce" AS ENUM ('GTC', 'IOC');

-- CreateEnum
CREATE TYPE "OrderStatus" AS ENUM ('SUBMITTED', 'DENIED', 'ACCEPTED', 'PARTIALLY_FILLED', 'FILLED', 'CANCELED', 'EXPIRED');

-- CreateEnum
CREATE TYPE "LiquiditySide" AS ENUM ('MAKER', 'TAKER');

-- CreateTable
CREATE TABLE "orders" (
    "id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "client_order_id" TEXT NOT NULL,
    "created_sequence" BIGINT NOT NULL,
    "symbol" TEXT NOT NULL,
    "side" "OrderSide" NOT NULL,
    "order_type" "OrderType" NOT NULL,
    "time_in_force" "TimeInForce" NOT NULL,
    "quantity" DECIMAL(38,18) NOT NULL,
    "limit_price" DECIMAL(38,18),
    "status" "OrderStatus" NOT NULL,
    "filled_quantity" DECIMAL(38,18) NOT NULL,
    "filled_notional" DECIMAL(38,18) NOT NULL,
    "fees" DECIMAL(38,18) NOT NULL,
    "hold_asset" TEXT,
    "hold_placed" DECIMAL(38,18),
    "hold_remaining" DECIMAL(38,18),
    "worst_price" DECIMAL(38,18),
    "maker_fee_rate" DECIMAL(38,18),
    "taker_fee_rate" DECIMAL(38,18),
    "violations" JSONB,
    "cancel_reason" TEXT,
    "expire_reason" TEXT,
    "priority" BIGINT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "accepted_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "orders_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "fills" (
    "id" TEXT NOT NULL,
    "trade_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "symbol" TEXT NOT NULL,
    "side" "OrderSide" NOT NULL,
    "price" DECIMAL(38,18) NOT NULL,
    "quantity" DECIMAL(38,18) NOT NULL,
    "quote_quantity" DECIMAL(38,18) NOT NULL,
    "fee" DECIMAL(38,18) NOT NULL,
    "fee_rate" DECIMAL(38,18) NOT NULL,
    "liquidity_side" "LiquiditySide" NOT NULL,
    "sequence" BIGINT NOT NULL,
    "executed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "fills_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "positions" (
    "account_id" TEXT NOT NULL,
    "symbol" TEXT NOT NULL,
    "net_quantity" DECIMAL(38,18) NOT NULL,
    "entry_cost" DECIMAL(38,18) NOT NULL,
    "realized_pnl" DECIMAL(38,18) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "positions_pkey" PRIMARY KEY ("account_id","symbol")
);

-- CreateTable
CREATE TABLE "order_events" (
    "account_id" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "event" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "order_events_pkey" PRIMARY KEY ("account_id","sequence")
);

-- CreateTable
CREATE TABLE "account_sequences" (
    "account_id" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL,

    CONSTRAINT "account_sequences_pkey" PRIMARY KEY ("account_id")
);

-- CreateTable
CREATE TABLE "outbox" (
    "position" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("position")
);

-- CreateIndex
CREATE UNIQUE INDEX "orders_account_id_client_order_id_key" ON "orders"("account_id", "client_order_id");

-- CreateIndex
CREATE UNIQUE INDEX "orders_account_id_created_sequence_key" ON "orders"("account_id", "created_sequence");

-- CreateIndex
CREATE INDEX "fills_order_id_idx" ON "fills"("order_id");

-- CreateIndex
CREATE UNIQUE INDEX "fills_account_id_sequence_key" ON "fills"("account_id", "sequence");

-- AddForeignKey
ALTER TABLE "fills" ADD CONSTRAINT "fills_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma cannot say.

-- The journal reads these at its start, and a trader most often.
CREATE INDEX "orders_live_idx" ON "orders"("account_id", "created_sequence")
  WHERE "status" IN ('SUBMITTED', 'ACCEPTED', 'PARTIALLY_FILLED');

CREATE INDEX "fills_account_id_symbol_sequence_idx" ON "fills"("account_id", "symbol", "sequence");

CREATE INDEX "outbox_unsent_idx" ON "outbox"("position") WHERE "sent_at" IS NULL;

ALTER TABLE "orders"
  ADD CONSTRAINT "orders_quantity_check" CHECK ("quantity" >= 0),
  ADD CONSTRAINT "orders_limit_price_check"
    CHECK (("order_type" = 'LIMIT') = ("limit_price" IS NOT NULL) AND "limit_price" >= 0),
  ADD CONSTRAINT "orders_filled_quantity_check"
    CHECK ("filled_quantity" >= 0 AND "filled_quantity" <= "quantity"),
  ADD CONSTRAINT "orders_filled_check"
    CHECK ("status" <> 'FILLED' OR "filled_quantity" = "quantity"),
  ADD CONSTRAINT "orders_fees_check" CHECK ("fees" >= 0 AND "filled_notional" >= 0),
  ADD CONSTRAINT "orders_hold_check"
    CHECK ("hold_remaining" >= 0 AND "hold_remaining" <= "hold_placed"),
  ADD CONSTRAINT "orders_hold_given_check"
    CHECK ("status" = 'DENIED' OR "hold_placed" IS NOT NULL AND "worst_price" > 0),
  ADD CONSTRAINT "orders_open_check"
    CHECK (("status" IN ('ACCEPTED', 'PARTIALLY_FILLED')) = ("priority" IS NOT NULL)),
  ADD CONSTRAINT "orders_closed_check" CHECK (
    ("status" IN ('DENIED', 'FILLED', 'CANCELED', 'EXPIRED')) = ("closed_at" IS NOT NULL)
    AND ("closed_at" IS NULL OR coalesce("hold_remaining", 0) = 0)),
  ADD CONSTRAINT "orders_reason_check" CHECK (
    ("status" = 'DENIED') = ("violations" IS NOT NULL)
    AND ("status" = 'CANCELED') = ("cancel_reason" IS NOT NULL)
    AND ("status" = 'EXPIRED') = ("expire_reason" IS NOT NULL));

ALTER TABLE "fills"
  ADD CONSTRAINT "fills_amounts_check" CHECK (
    "price" > 0 AND "quantity" > 0 AND "quote_quantity" = "price" * "quantity" AND "fee" >= 0);

ALTER TABLE "positions"
  ADD CONSTRAINT "positions_entry_cost_check"
    CHECK ("entry_cost" >= 0 AND ("net_quantity" <> 0 OR "entry_cost" = 0));

ALTER TABLE "order_events" ADD CONSTRAINT "order_events_sequence_check" CHECK ("sequence" > 0);

ALTER TABLE "outbox"
  ADD CONSTRAINT "outbox_kind_check" CHECK ("kind" IN ('settleTrade', 'releaseHold'));
