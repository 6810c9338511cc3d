import { type Corruption, gone, reset, sooner } from './test-corruption.ts';

/** SQL of a past event of the buyer with one of its balances changed, and the SQL that puts it back. */
function toldOtherwise(
  sequence: number,
  place: number,
  balance: string,
): readonly [string, string] {
  return reset(
    'balance_events',
    'event',
    `jsonb_set(event, '{balances,${place}}', event #> '{balances,${place}}' || ${balance})`,
    `account_id = :buyer AND sequence = ${sequence}`,
  );
}

/** Corruptions of balance events and of what repeats them; see `LEDGER_CORRUPTIONS`. */
export const EVENT_CORRUPTIONS: readonly Corruption[] = [
  [
    'a first balance event that is not there, so that nothing seems to have been held then',
    'account',
    ...gone('balance_events', 'account_id = :buyer AND sequence = 1'),
    ['sequences', 'told'],
  ],
  [
    'balance events of which none is there',
    'account',
    ...gone('balance_events', 'account_id = :buyer'),
    ['reported', 'sequences', 'told'],
  ],
  [
    'a balance that was told otherwise',
    'account',
    `UPDATE balance_events SET event = jsonb_set(event, '{balances,0,free}', to_jsonb((event #>> '{balances,0,free}') || '1'))
   WHERE account_id = :buyer AND sequence = (SELECT max(sequence) FROM balance_events WHERE account_id = :buyer)`,
    `UPDATE balance_events SET event = jsonb_set(event, '{balances,0,free}', to_jsonb(left(event #>> '{balances,0,free}', -1)))
   WHERE account_id = :buyer AND sequence = (SELECT max(sequence) FROM balance_events WHERE account_id = :buyer)`,
    ['reported', 'told'],
  ],
  [
    'a balance event that is older than the one before it',
    'account',
    ...sooner('balance_events', 'account_id = :buyer AND sequence = 2'),
    ['times', 'told'],
  ],
  [
    'a total that was told otherwise, in the past',
    'account',
    ...reset(
      'balance_events',
      'event',
      `jsonb_set(jsonb_set(event, '{balances,0,total}', '"7"'), '{balances,0,free}',
        to_jsonb(CAST(7 - CAST(event #>> '{balances,0,locked}' AS numeric) AS text)))`,
      'account_id = :buyer AND sequence = 2',
    ),
    ['told'],
  ],
  [
    'a past event that repeats the total of an earlier one',
    'account',
    ...toldOtherwise(3, 1, `'{"total": "100000", "free": "100000", "locked": "0"}'`),
    ['told'],
  ],
  [
    'a past event that has what is locked and what is free the wrong way round',
    'account',
    ...toldOtherwise(
      2,
      0,
      `jsonb_build_object('locked', event #> '{balances,0,free}', 'free', event #> '{balances,0,locked}')`,
    ),
    ['told'],
  ],
  [
    'a past event of another cause',
    'account',
    ...reset(
      'balance_events',
      'event',
      `jsonb_set(event, '{cause,type}', '"TRANSFER"')`,
      'account_id = :buyer AND sequence = 1',
    ),
    ['told'],
  ],
  [
    'a balance in an event under the number of another event',
    'account',
    ...toldOtherwise(2, 0, `'{"sequence": "1"}'`),
    ['told'],
  ],
  [
    'a balance that is newer than the last event that reports it',
    'account',
    ...reset('balances', 'sequence', 'sequence + 1', "account_id = :buyer AND asset_code = 'BTC'"),
    ['reported'],
  ],
];
