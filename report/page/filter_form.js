// @ts-check
// The filter form, and the copy of its values in the page's address, so that a view can be bookmarked.

/** @import {Collected, Filters, Selection} from "./logic/collected" */

import {isoDay} from "./logic/dates.js";
import {fromFragment, hasPair, noFilters, toFragment} from "./logic/filters.js";
import {find} from "./dom.js";
import {formatNumber} from "./figures.js";

export function filterForm() {
  return /** @type {HTMLFormElement} */ (find("#filters"));
}

/**
 * Fills in what can be chosen, and sets the filters that the address names.
 * @param {Collected} collected
 */
export function prepareFilters(collected) {
  const {pairs, first, last} = collected;
  addOptions(field("family"), pairs.map(pair => pair.family));
  addOptions(field("region"), pairs.map(pair => pair.region));
  addOptions(find("#types"), pairs.map(pair => pair.type));
  for (const name of /** @type {const} */ (["from", "to"]))
    Object.assign(field(name), {min: isoDay(first), max: isoDay(last)});
  setFilters(fromFragment(location.hash, noFilters(collected)));
}

/**
 * @param {HTMLElement} element
 * @param {string[]} texts
 */
function addOptions(element, texts) {
  element.append(...[...new Set(texts)].sort().map(text => new Option(text, text)));
}

/**
 * @param {keyof Filters} name
 */
function field(name) {
  return /** @type {HTMLInputElement | HTMLSelectElement} */ (find(`[name=${name}]`, filterForm()));
}

/** @returns {Filters} */
export function readFilters() {
  /** @param {keyof Filters} name */
  const value = name => field(name).value;
  return {type: value("type"), family: value("family"), region: value("region"), from: value("from"), to: value("to")};
}

/**
 * @param {Partial<Filters>} filters
 */
export function setFilters(filters) {
  for (const name of /** @type {(keyof Filters)[]} */ (Object.keys(filters))) field(name).value = filters[name] ?? "";
}

/**
 * Keeps the filters in the address.
 * @param {Filters} filters
 * @param {Collected} collected
 */
export function rememberFilters(filters, collected) {
  const fragment = toFragment(filters, collected);
  history.replaceState(null, "", fragment ? `#${fragment}` : location.pathname + location.search);
}

/**
 * Says how many pairs the filters leave, of those polled of late and of all.
 * @param {Selection} selection
 * @param {Collected} collected
 */
export function sayPairCount(selection, {answers, pairs}) {
  const polled = answers.filter(({pair}) => hasPair(selection, pair)).length;
  find("output", filterForm()).textContent =
    `${formatNumber(polled)} of ${formatNumber(answers.length)} pairs polled in the last 24 hours; `
    + `${formatNumber(selection.pairCount)} of ${formatNumber(pairs.length)} known from any poll, probe or price, or from the advisor`;
}
