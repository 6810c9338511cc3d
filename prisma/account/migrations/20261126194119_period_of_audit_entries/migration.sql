-- CreateIndex
CREATE INDEX "audit_entries_user_id_at_sequence_idx" ON "audit_entries"("user_id", "at", "sequence");
