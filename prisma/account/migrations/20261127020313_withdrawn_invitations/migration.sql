-- AlterEnum
ALTER TYPE "audit_action" ADD VALUE 'INVITATIONS_WITHDRAWN';

-- CreateIndex
CREATE INDEX "invitations_invited_by_idx" ON "invitations"("invited_by");
