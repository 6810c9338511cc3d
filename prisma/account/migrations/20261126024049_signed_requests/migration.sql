-- AlterTable
ALTER TABLE "api_keys" ADD COLUMN     "public_key" TEXT;

-- CreateTable
CREATE TABLE "request_nonces" (
    "key_id" TEXT NOT NULL,
    "nonce" TEXT NOT NULL,
    "used_until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "request_nonces_pkey" PRIMARY KEY ("key_id","nonce")
);

-- CreateIndex
CREATE INDEX "request_nonces_used_until_idx" ON "request_nonces"("used_until");
