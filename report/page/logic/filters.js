// @ts-check
// What the filters leave: pairs, and a span of days. And the filters as part of the page's address.

/** @import {Collected, Filters, Probe, Selection} from "./collected" */

import {DAY, isoDay} from "./dates.js";

/**
 * The filters that leave everything but the prices of before anything else was collected.
 * @param {Pick<Collected, "begun" | "last">} collected
 * @returns {Filters}
 */
export function noFilters({begun, last}) {
  return {type: "", family: "", region: "", from: isoDay(begun), to: isoDay(last)};
}

/**
 * Applies filters. Days outside of what was collected, and texts that are no date, count as the first or the last day.
 * @param {Pick<Collected, "first" | "last" | "pairs">} collected
 * @param {Filters} filters
 * @returns {Selection}
 */
export function select({first, last, pairs}, {type, family, region, from, to}) {
  const part = type.trim().toLowerCase();
  const isWhole = pairs.some(pair => pair.type.toLowerCase() === part);  // r6.4xlarge is not gr6.4xlarge
  const matches = Uint8Array.from(pairs, pair => Number(
    (isWhole ? pair.type.toLowerCase() === part : pair.type.toLowerCase().includes(part))
    && (!family || pair.family === family)
    && (!region || pair.region === region)));
  return {
    matches,
    pairCount: matches.reduce((count, match) => count + match, 0),
    from: Math.max(first, parseDay(from, first)),
    until: Math.min(last, parseDay(to, last)) + DAY,
  };
}

/**
 * @param {string} text
 * @param {number} otherwise
 */
function parseDay(text, otherwise) {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? otherwise : ms;
}

/**
 * Whether the filters leave a pair.
 * @param {Selection} selection
 * @param {number} pair
 */
export function hasPair(selection, pair) {
  return selection.matches[pair] === 1;
}

/**
 * Whether the filters leave a time.
 * @param {Pick<Selection, "from" | "until">} selection
 * @param {number} ms
 */
export function hasTime(selection, ms) {
  return ms >= selection.from && ms < selection.until;
}

/**
 * The rows (probes, outcomes) that the filters leave.
 * @template {Pick<Probe, "pair" | "time">} Row
 * @param {Selection} selection
 * @param {Row[]} rows
 */
export function selectRows(selection, rows) {
  return rows.filter(row => hasPair(selection, row.pair) && hasTime(selection, row.time));
}

/**
 * Says so where figures of probes are those of a random sample; else nothing.
 * @param {Pick<Collected, "probes" | "probesSeen">} collected
 */
export function sampleNote({probes, probesSeen}) {
  if (probes.length === probesSeen) return "";
  const [drawn, seen] = [probes.length, probesSeen].map(count => count.toLocaleString("en"));
  return `Reckoned from a random ${drawn} of all ${seen} probes.`;
}

/**
 * The filters that are set as an address's fragment, without its "#"; empty if none is.
 * @param {Filters} filters
 * @param {Pick<Collected, "begun" | "last">} collected
 */
export function toFragment(filters, collected) {
  const unset = noFilters(collected);
  const names = /** @type {(keyof Filters)[]} */ (Object.keys(unset));
  const set = names.filter(name => filters[name] && filters[name] !== unset[name]);
  return new URLSearchParams(set.map(name => [name, filters[name]])).toString();
}

/**
 * The filters that an address's fragment, with or without its "#", sets; those it does not set are as in `unset`.
 * @param {string} fragment
 * @param {Filters} unset
 * @returns {Filters}
 */
export function fromFragment(fragment, unset) {
  const given = new URLSearchParams(fragment.replace(/^#/, ""));
  const names = /** @type {(keyof Filters)[]} */ (Object.keys(unset));
  const filters = {...unset};
  for (const name of names) filters[name] = given.get(name) ?? unset[name];
  return filters;
}
