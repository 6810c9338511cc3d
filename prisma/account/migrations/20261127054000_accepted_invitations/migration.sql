-- AlterTable
ALTER TABLE "member_changes" ADD COLUMN     "code_hash" TEXT;

-- CreateIndex
CREATE UNIQUE INDEX "member_changes_code_hash_key" ON "member_changes"("code_hash");
