-- CreateEnum
CREATE TYPE "TradingState" AS ENUM ('ACTIVE', 'REDUCING', 'HALTED');

-- CreateTable
CREATE TABLE "trading_controls" (
    "scope" TEXT NOT NULL,
    "trading_state" "TradingState" NOT NULL,
    "reason" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "trading_controls_pkey" PRIMARY KEY ("scope")
);

-- CreateTable
CREATE TABLE "trading_control_changes" (
    "id" BIGSERIAL NOT NULL,
    "scope" TEXT NOT NULL,
    "trading_state" "TradingState" NOT NULL,
    "reason" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "trading_control_changes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "cancel_timers" (
    "account_id" TEXT NOT NULL,
    "fires_at" TIMESTAMPTZ(3),

    CONSTRAINT "cancel_timers_pkey" PRIMARY KEY ("account_id")
);
