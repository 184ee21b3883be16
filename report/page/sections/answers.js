// @ts-check
// What the page answers first: where capacity is now. What Python wrote as text is shown as it is, and filtered.

/** @import {Answer, AnswerCell, Collected, Selection, View} from "../logic/collected" */

import {dayInWords, isoDay} from "../logic/dates.js";
import {hasPair} from "../logic/filters.js";
import {create, find} from "../dom.js";
import {describeFigure, emptyCaption, formatNumber, offerMore} from "../figures.js";
import {priceAt} from "./scores.js";

const MOST_OLDER = 100;

/**
 * The answers that the filters leave, best first; where a type is named, its pairs that were polled longer ago follow.
 * @param {Pick<Collected, "answers" | "days" | "pairs" | "prices" | "bandHistories" | "bandLabels">} collected
 * @param {Selection} selection
 * @param {boolean} withOlder
 * @returns {Answer[]}
 */
export function answersLeft(collected, selection, withOlder) {
  const recent = collected.answers.filter(({pair}) => hasPair(selection, pair));
  return withOlder ? [...recent, ...olderAnswers(collected, selection, new Set(recent.map(({pair}) => pair)))] : recent;
}

/**
 * What was last known of the selected pairs that are not among the answers: the newest day with a score first.
 * @param {Pick<Collected, "days" | "pairs" | "prices" | "bandHistories" | "bandLabels">} collected
 * @param {Selection} selection
 * @param {Set<number>} told
 * @returns {Answer[]}
 */
function olderAnswers({days, pairs, prices, bandHistories, bandLabels}, selection, told) {
  /** @type {Map<number, {time: number, score: number}>} */
  const newest = new Map();
  for (let i = 0; i < days.length; i++) {
    const pair = days.pair[i];
    if (days.known[i] && hasPair(selection, pair) && !told.has(pair))
      newest.set(pair, {time: days.time[i], score: days.total[i] / days.known[i]});
  }
  const others = pairs.map((_, pair) => pair).filter(pair => hasPair(selection, pair) && !told.has(pair));
  return others
    .sort((a, b) => (newest.get(b)?.time ?? 0) - (newest.get(a)?.time ?? 0)
      || (newest.get(b)?.score ?? 0) - (newest.get(a)?.score ?? 0) || (pairs[a].name < pairs[b].name ? -1 : 1))
    .slice(0, MOST_OLDER)
    .map(pair => {
      const {type, region} = pairs[pair], last = newest.get(pair), band = bandHistories.get(pair)?.at(-1)?.band;
      const usd = priceAt(prices.get(pair), Infinity);
      return {
        pair,
        cells: [
          {text: type, detail: region},
          last ? {text: last.score.toFixed(1), detail: `mean of ${dayInWords(last.time)}`} : {text: "never measured", detail: ""},
          {text: "not in 14 days", detail: ""}, {text: "–", detail: ""}, {text: "–", detail: ""},
          {text: usd === null ? "unknown" : usd.toFixed(4), detail: ""},
          band === undefined ? {text: "unknown", detail: ""} : {text: bandLabels[band], detail: "a month"},
        ],
        figures: {
          instance: type, region, sps: last?.score ?? null, sps_time: last ? isoDay(last.time) : null, if: band ?? null, usd,
        },
      };
    });
}

/**
 * @param {View} view
 */
export function drawAnswers({collected, selection, filters, limits}) {
  const left = answersLeft(collected, selection, filters.type.trim() !== "");
  const shown = left.slice(0, limits.answers);
  const columns = Object.keys(Object.assign({}, ...left.map(({figures}) => figures)));
  describeFigure("answers", shown,
    shown.length ? answersCaption(shown.length, left.length, filters.type) : emptyCaption(collected.answers.length > 0,
      "Nothing was polled in the last 24 hours: run python -m collect_sps_and_if, or see below what keeps it."),
    () => left.map(({figures}) => Object.fromEntries(columns.map(column => [column, figures[column] ?? null]))));
  offerMore("answers", shown.length, left.length);
  const names = [...find("#answers thead").querySelectorAll("th")].map(head => head.textContent ?? "");
  find("#answers tbody").replaceChildren(...shown.map(({cells}) =>
    create("tr", {}, ...cells.map((cell, column) => tableCell(cell, names[column], column)))));
  for (const row of document.querySelectorAll("[data-group]")) {
    const name = row.getAttribute("data-group") ?? "";
    /** @type {HTMLElement} */ (row).hidden = !collected.pairs.some(({type, region}, pair) => (
      (type === name || region === name) && hasPair(selection, pair)));
  }
}

/**
 * @param {number} shown
 * @param {number} total
 * @param {string} type
 */
function answersCaption(shown, total, type) {
  const which = type.trim() ? "pairs of the types chosen, what was polled in the last 24 hours first"
    : "pairs polled in the last 24 hours";
  return `${formatNumber(shown)} of ${formatNumber(total)} ${which}, best first.`;
}

/**
 * @param {AnswerCell} cell
 * @param {string} name its column's
 * @param {number} column
 */
function tableCell({text, detail}, name, column) {
  const cell = create("td", {className: column ? "" : "pair"}, document.createTextNode(`${text} `), create("small", {textContent: detail}));
  cell.dataset.label = name;  // shown beside it where the table has no room for columns
  return cell;
}
