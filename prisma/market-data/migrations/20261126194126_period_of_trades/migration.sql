-- CreateIndex
CREATE INDEX "trades_symbol_exchange_time_sequence_idx" ON "trades"("symbol", "exchange_time", "sequence");
