-- What Prisma cannot say.

-- A balance at an instant is in the last event before it that touched its asset. A command touches two assets of an
-- account at most, so that two indexes find it by one look each, however long the account's history is.
ALTER TABLE "balance_events" ADD CONSTRAINT "balance_events_balances_check"
  CHECK (jsonb_array_length("event" -> 'balances') <= 2);

CREATE INDEX "balance_events_first_asset_idx" ON "balance_events"
  ("account_id", ("event" #>> '{balances,0,asset}'), "created_at", "sequence");

CREATE INDEX "balance_events_second_asset_idx" ON "balance_events"
  ("account_id", ("event" #>> '{balances,1,asset}'), "created_at", "sequence")
  WHERE "event" #>> '{balances,1,asset}' IS NOT NULL;
