-- Sign-ins of before have no refresh token and would have lasted for minutes: their people sign in again.
DELETE FROM "sessions";

-- AlterTable
ALTER TABLE "sessions" ADD COLUMN     "address" TEXT,
ADD COLUMN     "family_hash" TEXT NOT NULL,
ADD COLUMN     "refreshed_at" TIMESTAMPTZ(3) NOT NULL,
ADD COLUMN     "token_hash" TEXT NOT NULL,
ADD COLUMN     "user_agent" TEXT;

-- CreateIndex
CREATE INDEX "sessions_user_id_created_at_idx" ON "sessions"("user_id", "created_at");
