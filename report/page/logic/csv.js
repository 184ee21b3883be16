// @ts-check
// A figure's rows as CSV.

import {isoMinute} from "./dates.js";

const TIME_COLUMNS = new Set(["from", "to", "day", "week", "week_end"]);

/**
 * Rows, at least one and all with the same columns, as CSV with a header. Times become YYYY-MM-DDTHH:MM, other numbers
 * are rounded to six decimals, what is unknown (null, undefined, NaN) is left empty.
 * @param {object[]} rows
 */
export function toCsv(rows) {
  const columns = Object.keys(rows[0]);
  const lines = rows.map(row => {
    const cells = new Map(Object.entries(row));
    return columns.map(column => formatCell(column, cells.get(column))).join(",");
  });
  return [columns.join(","), ...lines, ""].join("\n");
}

/**
 * @param {string} column
 * @param {unknown} value
 */
function formatCell(column, value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  if (TIME_COLUMNS.has(column)) return isoMinute(Number(value));
  return quote(String(typeof value === "number" ? Math.round(value * 1e6) / 1e6 : value));
}

/**
 * @param {string} cell
 */
function quote(cell) {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
