-- CreateEnum
CREATE TYPE "candle_gap_reason" AS ENUM ('FEED_LOST', 'RESTARTED', 'SILENT', 'NOT_IMPORTED');

-- CreateEnum
CREATE TYPE "candle_source" AS ENUM ('TRADES', 'IMPORTED', 'ROLLED_UP');

-- AlterTable
ALTER TABLE "candles" ADD COLUMN     "gap_from" TIMESTAMPTZ(3),
ADD COLUMN     "gap_reason" "candle_gap_reason",
ADD COLUMN     "loss_reason" "candle_gap_reason",
ADD COLUMN     "source" "candle_source" NOT NULL DEFAULT 'TRADES';

-- CreateTable
CREATE TABLE "candle_imports" (
    "digest" TEXT NOT NULL,
    "symbol" TEXT NOT NULL,
    "interval" "candle_interval" NOT NULL,
    "rows_done" INTEGER NOT NULL,

    CONSTRAINT "candle_imports_pkey" PRIMARY KEY ("digest","symbol","interval")
);
