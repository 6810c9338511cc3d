-- CreateIndex
CREATE INDEX "ledger_entries_account_id_created_at_sequence_idx" ON "ledger_entries"("account_id", "created_at", "sequence");
