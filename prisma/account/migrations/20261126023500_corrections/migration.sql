-- AlterEnum
ALTER TYPE "audit_action" ADD VALUE 'CORRECTION_REQUESTED';

-- AlterTable
ALTER TABLE "transfers" ADD COLUMN     "actor" TEXT,
ADD COLUMN     "corrects_id" TEXT,
ADD COLUMN     "reason" TEXT;

-- What Prisma cannot say.
ALTER TABLE "transfers" ADD CONSTRAINT "transfers_correction_check"
  CHECK ((type = 'CORRECTION') = (corrects_id IS NOT NULL)
    AND num_nonnulls(corrects_id, reason, actor) IN (0, 3));
CREATE INDEX "transfers_corrects_id_idx" ON "transfers"("corrects_id") WHERE "corrects_id" IS NOT NULL;
