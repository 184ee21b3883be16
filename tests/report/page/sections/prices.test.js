import assert from "node:assert/strict";
import {test} from "node:test";

import {priceRows} from "../../../../report/page/sections/prices.js";
import {priceAt} from "../../../../report/page/sections/scores.js";
import {march, PAIRS, selectionOf} from "../collected.js";

const STEPS = [{time: march(1), usd: 1}, {time: march(3), usd: 3}];

test("a price holds until it moves, and is unknown before it was first fetched", () => {
  assert.deepEqual([march(0), march(1), march(2), march(9)].map(time => priceAt(STEPS, time)), [null, 1, 1, 3]);
  assert.equal(priceAt(undefined, march(1)), null);
});

test("prices are told as they are and over the mean of the days chosen, the last until the end", () => {
  const rows = priceRows(STEPS, 0, PAIRS, selectionOf(2, 9), march(4));
  assert.deepEqual(rows.map(({from, to, usd, relative}) => [from, to, usd, relative]), [
    [march(2), march(3), 1, -0.5], [march(3), march(4), 3, 0.5],
  ]);
});
