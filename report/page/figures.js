// @ts-check
// A figure of the page: a caption, a chart or table, a button for its rows as CSV, for some a button for more of them.

/** @import {Collected, Selection} from "./logic/collected" */

import {drawChart, removeChart} from "./charts.js";
import {toCsv} from "./logic/csv.js";
import {DAY, isoDay} from "./logic/dates.js";
import {create, find} from "./dom.js";

export const formatNumber = new Intl.NumberFormat("en").format;

/** The rows that each figure shows, by its id. @type {Map<string, object[]>} */
const rowsShown = new Map();

/**
 * Shows rows in a figure that has one chart, of the figure's name.
 * @param {string} id
 * @param {object[]} rows
 * @param {{caption: string, emptyCaption: string, signals?: Record<string, unknown>}} options
 */
export async function showFigure(id, rows, {caption, emptyCaption, signals}) {
  describeFigure(id, rows, rows.length ? caption : emptyCaption);
  const element = find(`#${id} .chart`);
  if (rows.length) await drawChart(element, id, rows, signals);
  else removeChart(element);
}

/**
 * Sets a figure's caption and the rows of its CSV; without rows only the caption shows.
 * @param {string} id
 * @param {object[]} rows
 * @param {string} caption
 */
export function describeFigure(id, rows, caption) {
  const figure = find(`#${id}`);
  rowsShown.set(id, rows);
  figure.classList.toggle("empty", !rows.length);
  find(".caption", figure).textContent = caption;
  /** @type {HTMLButtonElement} */ (find(".csv", figure)).disabled = !rows.length;
}

/**
 * The caption of a figure that the filters leave without rows.
 * @param {Collected} collected
 */
export function nothingCollected({pairs}) {
  return pairs.length ? "Nothing was collected that matches these filters." : "Nothing collected yet.";
}

/**
 * Offers the pairs that a figure does not show.
 * @param {string} id
 * @param {number} shown
 * @param {number} total
 */
export function offerMore(id, shown, total) {
  const button = find(`#${id} .more`);
  button.hidden = shown >= total;
  button.textContent = `Show more of the other ${formatNumber(total - shown)}`;
}

/**
 * Lets the browser download a figure's rows.
 * @param {string} id
 * @param {Selection} selection
 */
export function downloadCsv(id, selection) {
  const rows = rowsShown.get(id);
  if (!rows?.length) return;
  const address = URL.createObjectURL(new Blob([toCsv(rows)], {type: "text/csv"}));
  const link = create("a", {});
  link.href = address;
  link.download = `spot-${id}-${isoDay(selection.from)}-to-${isoDay(selection.until - DAY)}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
