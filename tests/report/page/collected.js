// Small pieces of collected data, as the tests need them.

import {DAY} from "../../../report/page/logic/dates.js";
import {noFilters, select} from "../../../report/page/logic/filters.js";

/** Midnight that begins a day of March 2026, which began with a Sunday. */
export const march = day => Date.UTC(2026, 2, day);

export const PAIRS = [pair("m5.large", "us-east-1"), pair("c5.large", "us-east-1"), pair("m5.large", "eu-west-1")];

export function pair(type, region) {
  return {type, region, family: type.split(".")[0], name: `${type} · ${region}`};
}

/** The days of March 2026 from `first` to `last`, both included, and the pairs that the filters leave. */
export function selectionOf(first, last, filters = {}) {
  const collected = {pairs: PAIRS, first: march(first), last: march(last), begun: march(first)};
  return select(collected, {...noFilters(collected), ...filters});
}

/** Score cells from rows of [time, pair, known, total, low, high, absent, refused, failed, waiting]. */
export function cellsOf(...rows) {
  const column = i => rows.map(row => row[i] ?? 0);
  return {
    length: rows.length, time: column(0), pair: column(1), known: column(2), total: column(3), low: column(4),
    high: column(5), absent: column(6), refused: column(7), failed: column(8), waiting: column(9),
  };
}

export function probe(given) {
  const probe = {
    time: march(1), pair: 0, asked: 4, levels: 4, watched: 100, score: null, band: null, fulfilled: [], running: [],
    ready: [], ending: "timeout", tellsReadiness: true, ...given,
  };
  const {fulfilled, running, ready} = probe;
  return {...probe, reached: {fulfilled: fulfilled.length, running: running.length, ready: ready.length, ...given.reached}};
}

export {DAY};
