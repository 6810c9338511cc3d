-- CreateTable
CREATE TABLE "used_id_tokens" (
    "hash" TEXT NOT NULL,
    "used_until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "used_id_tokens_pkey" PRIMARY KEY ("hash")
);

-- CreateIndex
CREATE INDEX "used_id_tokens_used_until_idx" ON "used_id_tokens"("used_until");
