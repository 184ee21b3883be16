import assert from "node:assert/strict";
import {test} from "node:test";

import {answersLeft} from "../../../../report/page/sections/answers.js";
import {cellsOf, march, PAIRS, selectionOf} from "../collected.js";

const answer = pair => ({pair, cells: [{text: PAIRS[pair].type, detail: PAIRS[pair].region}], figures: {sps: 3}});
const collected = {
  pairs: PAIRS, answers: [answer(1), answer(0)], bandLabels: ["<5 %"],
  days: cellsOf([march(1), 2, 4, 10, 2, 3], [march(2), 2, 2, 3, 1, 2], [march(3), 2, 0, 0, 0, 0, 0, 9]),
  prices: new Map([[2, [{time: march(1), usd: 0.5}]]]), bandHistories: new Map([[2, [{time: march(1), band: 0}]]]),
};
const pairsOf = answers => answers.map(({pair}) => pair);

test("answers keep their order, and filters leave some", () => {
  assert.deepEqual(pairsOf(answersLeft(collected, selectionOf(1, 5), false)), [1, 0]);
  assert.deepEqual(pairsOf(answersLeft(collected, selectionOf(1, 5, {family: "m5"}), false)), [0]);
});

test("of a type that is named, pairs polled longer ago follow, with the newest day that was given a score", () => {
  const answers = answersLeft(collected, selectionOf(1, 5, {type: "m5.large"}), true);
  assert.deepEqual(pairsOf(answers), [0, 2]);
  assert.deepEqual(answers[1].cells.map(({text}) => text), [
    "m5.large", "1.5", "not in 14 days", "–", "–", "0.5000", "<5 %",
  ]);
  assert.equal(answers[1].cells[1].detail, "mean of 2 Mar");
  assert.deepEqual(answers[1].figures, {
    instance: "m5.large", region: "eu-west-1", sps: 1.5, sps_time: "2026-03-02", if: 0, usd: 0.5,
  });
});

test("what was never measured is said so, and is no low value", () => {
  const bare = {...collected, answers: [], days: cellsOf(), prices: new Map(), bandHistories: new Map()};
  const [first] = answersLeft(bare, selectionOf(1, 5, {type: "c5.large"}), true);
  assert.deepEqual(first.cells.map(({text}) => text).filter(text => /^[a-z]+( [a-z]+)?$/.test(text)), ["never measured", "unknown", "unknown"]);
  assert.deepEqual([first.figures.sps, first.figures.usd], [null, null]);
});
