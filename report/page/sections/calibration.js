// @ts-check
// How well the score and the band known at a request predicted what launching did.

/** @import {Probe, View} from "../logic/collected" */

import {sampleNote, selectRows} from "../logic/filters.js";
import {groupBy} from "../logic/grouping.js";
import {mean, quantile, rankCorrelation, sorted} from "../logic/statistics.js";
import {emptyCaption, formatNumber, showFigure} from "../figures.js";

const NO_SCORE = "No probe has been made yet within half an hour of a poll that was given its pair's score.";
const NO_BAND = "No probe has been made yet within half an hour of a poll that knew its pair's interruption frequency.";
const SCORES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

/**
 * The share of a probe's instances that became ready.
 * @param {Probe} probe
 */
export function shareReady(probe) {
  return probe.reached.ready / probe.asked;
}

/**
 * The second at which half of a probe's instances were ready, undefined if they never were.
 * @param {Probe} probe
 * @returns {number | undefined}
 */
export function secondsUntilHalfReady(probe) {
  return probe.ready[Math.ceil(probe.levels / 2) - 1];
}

/**
 * For each value known beforehand, what the probes did for which it was known. Probes without a known value, or without
 * a result, are left out.
 * @template {string | number} Known
 * @param {Probe[]} probes
 * @param {(probe: Probe) => Known | null} knownOf
 * @param {readonly Known[]} order the values of `knownOf` in the order of the rows
 * @param {(probe: Probe) => number | undefined} resultOf
 */
export function calibrationRows(probes, knownOf, order, resultOf) {
  const results = groupBy(probes.flatMap(probe => {
    const known = knownOf(probe), result = resultOf(probe);
    return known === null || result === undefined ? [] : [{known, result}];
  }), ({known}) => known);
  return order.flatMap(known => {
    const values = sorted((results.get(known) ?? []).map(({result}) => result));
    if (!values.length) return [];
    return [{
      known, mean: mean(values), low: quantile(values, 0.1), high: quantile(values, 0.9), probes: values.length,
    }];
  });
}

/**
 * @param {View} view
 */
export async function drawCalibration({collected, selection}) {
  const telling = collected.probes.filter(probe => probe.tellsReadiness);
  const probes = selectRows(selection, telling);
  /** @param {Probe} probe */
  const scoreOf = probe => probe.score;
  /** @param {Probe} probe */
  const bandOf = probe => (probe.band === null ? null : collected.bandLabels[probe.band]);
  await showFigure("share_by_score", calibrationRows(probes, scoreOf, SCORES, shareReady), {
    caption: `${scoreSummary(probes)} Dot: mean; bar: 10th to 90th percentile of probes; above it, their number. `
      + sampleNote(collected),
    emptyCaption: emptyCaption(telling.some(probe => scoreOf(probe) !== null), NO_SCORE),
  });
  await showFigure("seconds_by_score", calibrationRows(probes, scoreOf, SCORES, secondsUntilHalfReady), {
    caption: `Probes of which at least half the instances became ready. ${sampleNote(collected)}`,
    emptyCaption: emptyCaption(telling.some(probe => scoreOf(probe) !== null), NO_SCORE),
  });
  await showFigure("share_by_band", calibrationRows(probes, bandOf, collected.bandLabels, shareReady), {
    caption: "The advisor's band when the request was made: how many instances were interrupted in the month before. "
      + sampleNote(collected),
    emptyCaption: emptyCaption(telling.some(probe => bandOf(probe) !== null), NO_BAND),
  });
}

/**
 * @param {Probe[]} probes
 */
function scoreSummary(probes) {
  const scored = probes.filter(probe => probe.score !== null);
  const scores = scored.map(probe => Number(probe.score));
  const correlation = scored.length > 2 ? rankCorrelation(scores, scored.map(shareReady)) : null;
  const count = `${formatNumber(scored.length)} of ${formatNumber(probes.length)} probes with a known score.`;
  if (correlation === null) return count;
  return `${count} Rank correlation of score and share ready: ${correlation.toFixed(2)}.`;
}
