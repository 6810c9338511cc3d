-- CreateEnum
CREATE TYPE "RfqStatus" AS ENUM ('OPEN', 'QUOTED', 'ACCEPT_PENDING', 'FILLED', 'REJECTED', 'EXPIRED', 'CANCELED');

-- CreateEnum
CREATE TYPE "SettlementStatus" AS ENUM ('PENDING', 'INSTRUCTED', 'SETTLED', 'FAILED');

-- CreateTable
CREATE TABLE "rfqs" (
    "id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "client_rfq_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "symbol" TEXT NOT NULL,
    "side" "OrderSide",
    "quantity" DECIMAL(38,18),
    "quote_quantity" DECIMAL(38,18),
    "status" "RfqStatus" NOT NULL,
    "sequence" INTEGER NOT NULL,
    "trader_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "first_quoted_at" TIMESTAMPTZ(3),
    "closed_at" TIMESTAMPTZ(3),
    "quote_id" TEXT,
    "accepted_side" "OrderSide",
    "accepted_quantity" DECIMAL(38,18),
    "accepted_price" DECIMAL(38,18),
    "order_id" TEXT,
    "client_order_id" TEXT,
    "max_slippage_bps" INTEGER,
    "accepted_at" TIMESTAMPTZ(3),
    "look_mid_price" DECIMAL(38,18),
    "look_move_bps" DECIMAL(38,18),
    "fill_price" DECIMAL(38,18),
    "reject_reason" TEXT,

    CONSTRAINT "rfqs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rfq_quotes" (
    "id" TEXT NOT NULL,
    "rfq_id" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "bid_price" DECIMAL(38,18),
    "bid_quantity" DECIMAL(38,18),
    "ask_price" DECIMAL(38,18),
    "ask_quantity" DECIMAL(38,18),
    "basis" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "valid_until" TIMESTAMPTZ(3) NOT NULL,
    "withdrawn_at" TIMESTAMPTZ(3),

    CONSTRAINT "rfq_quotes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rfq_events" (
    "rfq_id" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "event" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "rfq_events_pkey" PRIMARY KEY ("rfq_id","sequence")
);

-- CreateTable
CREATE TABLE "settlements" (
    "id" TEXT NOT NULL,
    "rfq_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "symbol" TEXT NOT NULL,
    "side" "OrderSide" NOT NULL,
    "quantity" DECIMAL(38,18) NOT NULL,
    "notional" DECIMAL(38,18) NOT NULL,
    "status" "SettlementStatus" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "instructed_at" TIMESTAMPTZ(3),
    "settled_at" TIMESTAMPTZ(3),
    "failed_at" TIMESTAMPTZ(3),

    CONSTRAINT "settlements_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "rfqs_number_key" ON "rfqs"("number");

-- CreateIndex
CREATE UNIQUE INDEX "rfqs_order_id_key" ON "rfqs"("order_id");

-- CreateIndex
CREATE INDEX "rfqs_account_id_number_idx" ON "rfqs"("account_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "rfqs_account_id_client_rfq_id_key" ON "rfqs"("account_id", "client_rfq_id");

-- CreateIndex
CREATE INDEX "rfq_quotes_rfq_id_created_at_idx" ON "rfq_quotes"("rfq_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "settlements_rfq_id_key" ON "settlements"("rfq_id");

-- What Prisma cannot say.

-- The journal reads these at its start.
CREATE INDEX "rfqs_live_idx" ON "rfqs"("number") WHERE "closed_at" IS NULL;
CREATE INDEX "settlements_open_idx" ON "settlements"("created_at") WHERE "status" <> 'SETTLED';

ALTER TABLE "rfqs"
  ADD CONSTRAINT "rfqs_size_check" CHECK (
    ("quantity" IS NULL) <> ("quote_quantity" IS NULL)
    AND coalesce("quantity", "quote_quantity") > 0),
  ADD CONSTRAINT "rfqs_closed_check" CHECK (
    ("status" IN ('FILLED', 'REJECTED', 'EXPIRED', 'CANCELED')) = ("closed_at" IS NOT NULL)),
  ADD CONSTRAINT "rfqs_accept_check" CHECK (
    ("status" IN ('ACCEPT_PENDING', 'FILLED', 'REJECTED')) = ("order_id" IS NOT NULL)
    AND ("order_id" IS NULL) = ("quote_id" IS NULL)
    AND ("order_id" IS NULL) = ("accepted_price" IS NULL)
    AND "accepted_price" > 0 AND "accepted_quantity" > 0),
  ADD CONSTRAINT "rfqs_end_check" CHECK (
    ("status" = 'FILLED') = ("fill_price" IS NOT NULL)
    AND ("status" = 'REJECTED') = ("reject_reason" IS NOT NULL));

ALTER TABLE "rfq_quotes"
  ADD CONSTRAINT "rfq_quotes_side_check" CHECK (
    coalesce("bid_price", "ask_price") > 0
    AND ("bid_price" IS NULL) = ("bid_quantity" IS NULL)
    AND ("ask_price" IS NULL) = ("ask_quantity" IS NULL)
    AND "bid_quantity" > 0 AND "ask_quantity" > 0),
  ADD CONSTRAINT "rfq_quotes_source_check" CHECK ("source" IN ('MACHINE', 'TRADER')),
  ADD CONSTRAINT "rfq_quotes_life_check" CHECK ("valid_until" >= "created_at");

ALTER TABLE "rfq_events" ADD CONSTRAINT "rfq_events_sequence_check" CHECK ("sequence" > 0);

ALTER TABLE "settlements"
  ADD CONSTRAINT "settlements_amounts_check" CHECK ("quantity" > 0 AND "notional" > 0),
  ADD CONSTRAINT "settlements_status_check" CHECK (
    ("status" = 'SETTLED') = ("settled_at" IS NOT NULL)
    AND ("status" = 'FAILED') = ("failed_at" IS NOT NULL)
    AND ("status" = 'PENDING') = ("instructed_at" IS NULL));
