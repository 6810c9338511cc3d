-- CreateIndex
CREATE INDEX "orders_account_id_symbol_created_sequence_idx" ON "orders"("account_id", "symbol", "created_sequence");
