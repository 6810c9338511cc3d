-- CreateEnum
CREATE TYPE "account_kind" AS ENUM ('CLIENT', 'HOUSE', 'FEES', 'EXTERNAL');

-- CreateEnum
CREATE TYPE "trading_state" AS ENUM ('ACTIVE', 'REDUCING', 'HALTED');

-- CreateEnum
CREATE TYPE "account_role" AS ENUM ('OWNER', 'TRADER', 'VIEWER');

-- CreateEnum
CREATE TYPE "hold_status" AS ENUM ('PLACED', 'SETTLED', 'RELEASED', 'REFUSED', 'VOID');

-- CreateEnum
CREATE TYPE "ledger_entry_type" AS ENUM ('DEPOSIT', 'WITHDRAWAL', 'TRANSFER', 'TRADE', 'FEE', 'REBATE', 'SETTLEMENT', 'CORRECTION');

-- CreateTable
CREATE TABLE "users" (
    "id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sessions" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_keys" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "secret_hash" TEXT NOT NULL,
    "scopes" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "accounts" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" "account_kind" NOT NULL,
    "trading_state" "trading_state" NOT NULL DEFAULT 'ACTIVE',
    "overdraft_allowed" BOOLEAN NOT NULL,
    "entry_sequence" BIGINT NOT NULL DEFAULT 0,
    "balance_sequence" BIGINT NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "accounts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "account_members" (
    "account_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "role" "account_role" NOT NULL,

    CONSTRAINT "account_members_pkey" PRIMARY KEY ("account_id","user_id")
);

-- CreateTable
CREATE TABLE "assets" (
    "code" TEXT NOT NULL,
    "scale" SMALLINT NOT NULL,

    CONSTRAINT "assets_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "balances" (
    "account_id" TEXT NOT NULL,
    "asset_code" TEXT NOT NULL,
    "total" DECIMAL(38,18) NOT NULL,
    "locked" DECIMAL(38,18) NOT NULL,
    "free" DECIMAL(38,18) NOT NULL,
    "overdraft_allowed" BOOLEAN NOT NULL,
    "sequence" BIGINT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "balances_pkey" PRIMARY KEY ("account_id","asset_code")
);

-- CreateTable
CREATE TABLE "holds" (
    "id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "asset_code" TEXT,
    "placed" DECIMAL(38,18) NOT NULL,
    "settled" DECIMAL(38,18) NOT NULL,
    "released" DECIMAL(38,18) NOT NULL,
    "status" "hold_status" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "holds_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "transfers" (
    "id" TEXT NOT NULL,
    "reference" TEXT NOT NULL,
    "type" "ledger_entry_type" NOT NULL,
    "asset_code" TEXT NOT NULL,
    "amount" DECIMAL(38,18) NOT NULL,
    "from_account_id" TEXT NOT NULL,
    "to_account_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "transfers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ledger_entries" (
    "account_id" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "type" "ledger_entry_type" NOT NULL,
    "asset_code" TEXT NOT NULL,
    "change" DECIMAL(38,18) NOT NULL,
    "balance_after" DECIMAL(38,18) NOT NULL,
    "transfer_id" TEXT NOT NULL,
    "order_id" TEXT,
    "fill_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ledger_entries_pkey" PRIMARY KEY ("account_id","sequence")
);

-- CreateTable
CREATE TABLE "funds_commands" (
    "issuer" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "body" JSONB NOT NULL,
    "outcome" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "funds_commands_pkey" PRIMARY KEY ("issuer","kind","id")
);

-- CreateTable
CREATE TABLE "balance_events" (
    "account_id" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "event" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "balance_events_pkey" PRIMARY KEY ("account_id","sequence")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

-- CreateIndex
CREATE INDEX "api_keys_user_id_created_at_idx" ON "api_keys"("user_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "accounts_id_overdraft_allowed_key" ON "accounts"("id", "overdraft_allowed");

-- CreateIndex
CREATE INDEX "account_members_user_id_idx" ON "account_members"("user_id");

-- CreateIndex
CREATE INDEX "holds_account_id_status_idx" ON "holds"("account_id", "status");

-- CreateIndex
CREATE INDEX "ledger_entries_account_id_asset_code_sequence_idx" ON "ledger_entries"("account_id", "asset_code", "sequence");

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "account_members" ADD CONSTRAINT "account_members_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "account_members" ADD CONSTRAINT "account_members_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "balances" ADD CONSTRAINT "balances_account_id_overdraft_allowed_fkey" FOREIGN KEY ("account_id", "overdraft_allowed") REFERENCES "accounts"("id", "overdraft_allowed") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "balances" ADD CONSTRAINT "balances_asset_code_fkey" FOREIGN KEY ("asset_code") REFERENCES "assets"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "holds" ADD CONSTRAINT "holds_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "transfers" ADD CONSTRAINT "transfers_from_account_id_fkey" FOREIGN KEY ("from_account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "transfers" ADD CONSTRAINT "transfers_to_account_id_fkey" FOREIGN KEY ("to_account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ledger_entries" ADD CONSTRAINT "ledger_entries_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ledger_entries" ADD CONSTRAINT "ledger_entries_asset_code_fkey" FOREIGN KEY ("asset_code") REFERENCES "assets"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ledger_entries" ADD CONSTRAINT "ledger_entries_transfer_id_fkey" FOREIGN KEY ("transfer_id") REFERENCES "transfers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "balance_events" ADD CONSTRAINT "balance_events_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma cannot say: the ledger's invariants, held by the database as well.
ALTER TABLE "accounts"
    ADD CONSTRAINT "accounts_overdraft_allowed_check"
        CHECK ("overdraft_allowed" = ("kind" IN ('HOUSE', 'EXTERNAL'))),
    ADD CONSTRAINT "accounts_sequences_check"
        CHECK ("entry_sequence" >= 0 AND "balance_sequence" >= 0);

ALTER TABLE "assets"
    ADD CONSTRAINT "assets_scale_check" CHECK ("scale" BETWEEN 0 AND 18);

ALTER TABLE "balances"
    ADD CONSTRAINT "balances_total_check" CHECK ("total" = "locked" + "free"),
    ADD CONSTRAINT "balances_locked_check" CHECK ("locked" >= 0),
    ADD CONSTRAINT "balances_free_check" CHECK ("free" >= 0 OR "overdraft_allowed");

-- A hold that has ended holds nothing; one that was refused or is void never did.
ALTER TABLE "holds"
    ADD CONSTRAINT "holds_amounts_check"
        CHECK ("placed" >= 0 AND "settled" >= 0 AND "released" >= 0),
    ADD CONSTRAINT "holds_status_check" CHECK (
        CASE
            WHEN "status" = 'PLACED' THEN "settled" + "released" < "placed"
            WHEN "status" IN ('SETTLED', 'RELEASED') THEN "settled" + "released" = "placed"
            ELSE "settled" + "released" = 0
        END
    ),
    ADD CONSTRAINT "holds_asset_check" CHECK (("asset_code" IS NULL) = ("status" = 'VOID'));

ALTER TABLE "transfers"
    ADD CONSTRAINT "transfers_amount_check" CHECK ("amount" > 0);

ALTER TABLE "ledger_entries"
    ADD CONSTRAINT "ledger_entries_sequence_check" CHECK ("sequence" > 0),
    ADD CONSTRAINT "ledger_entries_change_check" CHECK ("change" <> 0);

ALTER TABLE "balance_events"
    ADD CONSTRAINT "balance_events_sequence_check" CHECK ("sequence" > 0);
