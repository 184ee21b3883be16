import assert from "node:assert/strict";
import {test} from "node:test";

import {groupBy, groupByPair} from "../../../../report/page/logic/grouping.js";
import {PAIRS} from "../collected.js";

test("groups and their items keep the order in which they come", () => {
  assert.deepEqual([...groupBy(["b1", "a1", "b2"], text => text[0])], [["b", ["b1", "b2"]], ["a", ["a1"]]]);
});

test("the pair with the most rows is first, equal ones by name", () => {
  const rows = [0, 1, 2, 2].map(pair => ({pair}));
  assert.deepEqual(groupByPair(rows, PAIRS).map(group => group.pair), [2, 1, 0]);
});

test("a group may be as large as its rows say", () => {
  const rows = [{pair: 0, polls: 9}, {pair: 1, polls: 2}, {pair: 1, polls: 3}];
  const groups = groupByPair(rows, PAIRS, group => group.reduce((sum, row) => sum + row.polls, 0));
  assert.deepEqual(groups.map(({pair, size}) => [pair, size]), [[0, 9], [1, 5]]);
});
