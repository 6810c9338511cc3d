-- What Prisma cannot say: indexes over the few entries that are no part of a trade, so that a page of them costs only
-- its own rows, and trades cost nothing more to write.
CREATE INDEX "ledger_entries_without_trades" ON "ledger_entries" ("account_id", "sequence")
  WHERE "type" IN ('DEPOSIT', 'WITHDRAWAL', 'TRANSFER', 'CORRECTION');
CREATE INDEX "ledger_entries_of_asset_without_trades" ON "ledger_entries" ("account_id", "asset_code", "sequence")
  WHERE "type" IN ('DEPOSIT', 'WITHDRAWAL', 'TRANSFER', 'CORRECTION');
