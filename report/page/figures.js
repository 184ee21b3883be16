// @ts-check
// A figure of the page: a caption, a chart or table, a button for its rows as CSV, for some a button for more of them.

/** @import {Selection} from "./logic/collected" */

import {drawChart, removeChart} from "./charts.js";
import {toCsv} from "./logic/csv.js";
import {DAY, isoDay} from "./logic/dates.js";
import {create, find} from "./dom.js";

export const formatNumber = new Intl.NumberFormat("en").format;

/**
 * A number with what it counts: 1 poll, 1,234 polls.
 * @param {number} number
 * @param {string} thing
 */
export function counted(number, thing) {
  return `${formatNumber(number)} ${thing}${number === 1 ? "" : "s"}`;
}

/** What gives the rows of each figure's CSV, by its id. @type {Map<string, () => object[]>} */
const rowsToDownload = new Map();

/**
 * Shows rows in a figure that has one chart, of the figure's name or of another.
 * @param {string} id
 * @param {object[]} rows
 * @param {{caption: string, emptyCaption: string, signals?: Record<string, unknown>, chart?: string,
 *   allRows?: () => object[]}} options allRows: those to download, if there are more than are drawn
 */
export async function showFigure(id, rows, {caption, emptyCaption, signals, chart = id, allRows}) {
  describeFigure(id, rows, rows.length ? caption : emptyCaption, allRows);
  const element = find(`#${id} .chart`);
  if (rows.length) await drawChart(element, chart, rows, signals);
  else removeChart(element);
}

/**
 * Sets a figure's caption and the rows of its CSV; without rows only the caption shows.
 * @param {string} id
 * @param {object[]} rows
 * @param {string} caption
 * @param {() => object[]} allRows those to download, if there are more than are drawn
 */
export function describeFigure(id, rows, caption, allRows = () => rows) {
  const figure = find(`#${id}`);
  rowsToDownload.set(id, allRows);
  figure.classList.toggle("empty", !rows.length);
  find(".caption", figure).textContent = caption;
  /** @type {HTMLButtonElement} */ (find(".csv", figure)).disabled = !rows.length;
}

/**
 * The caption of a figure without rows: whether the filters leave none, or there is none at all.
 * @param {boolean} isCollected whether there is any without filters
 * @param {string} none says that there is none
 */
export function emptyCaption(isCollected, none) {
  return isCollected ? "Nothing was collected that matches these filters." : none;
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
  const rows = rowsToDownload.get(id)?.();
  if (!rows?.length) return;
  const address = URL.createObjectURL(new Blob([toCsv(rows)], {type: "text/csv"}));
  const link = create("a", {});
  link.href = address;
  link.download = `spot-${id}-${isoDay(selection.from)}-to-${isoDay(selection.until - DAY)}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
