-- CreateIndex
CREATE INDEX "fills_account_id_executed_at_sequence_idx" ON "fills"("account_id", "executed_at", "sequence");

-- CreateIndex
CREATE INDEX "orders_account_id_created_at_created_sequence_idx" ON "orders"("account_id", "created_at", "created_sequence");
