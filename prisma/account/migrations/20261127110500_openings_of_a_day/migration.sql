-- How many accounts a user opened within a day is counted at each opening.
CREATE INDEX "account_openings_user_id_opened_at_idx" ON "account_openings"("user_id", "opened_at");
