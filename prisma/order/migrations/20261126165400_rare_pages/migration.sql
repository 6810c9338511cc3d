-- CreateIndex
CREATE INDEX "rfqs_account_id_symbol_number_idx" ON "rfqs"("account_id", "symbol", "number");

-- CreateIndex
CREATE INDEX "rfqs_account_id_created_at_idx" ON "rfqs"("account_id", "created_at");

-- Pages of the orders that ended in a way of which there are few, without those of which there are many. Each reason is
-- there with its status alone, and is set when the order ends: until then no index of these is touched.
CREATE INDEX "orders_denied_idx" ON "orders"("account_id", "created_sequence") WHERE "violations" IS NOT NULL;
CREATE INDEX "orders_rejected_idx" ON "orders"("account_id", "created_sequence") WHERE "reject_reason" IS NOT NULL;
CREATE INDEX "orders_expired_idx" ON "orders"("account_id", "created_sequence") WHERE "expire_reason" IS NOT NULL;
