-- CreateTable
CREATE TABLE "comparison_tokens" (
    "id" TEXT NOT NULL,
    "rfq_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "symbol" TEXT NOT NULL,
    "side" "OrderSide" NOT NULL,
    "quantity" DECIMAL(38,18) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_by" TEXT,

    CONSTRAINT "comparison_tokens_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "comparison_tokens_rfq_id_key" ON "comparison_tokens"("rfq_id");

-- CreateIndex
CREATE INDEX "comparison_tokens_expires_at_idx" ON "comparison_tokens" USING BRIN ("expires_at");
