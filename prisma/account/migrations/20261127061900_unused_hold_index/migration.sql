-- Holds are found by their ids. With an index on the status, each change of a hold added to every index of the table.
DROP INDEX "holds_account_id_status_idx";

-- Room for the next state of a hold on its own page, so that no index changes with it.
ALTER TABLE "holds" SET (fillfactor = 80);
