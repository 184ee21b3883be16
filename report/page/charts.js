// @ts-check
// Draws rows with Vega. report/charts holds the charts' specifications; colours and fonts are those of style.css.

/** @import {Selection} from "./logic/collected" */
/** @import {Specification, VegaView} from "./vega" */

import {find, readJson} from "./dom.js";

const PAIR_CHARTS = new Set(["scores", "prices", "bands", "ranges"]);  // one row of the chart for each pair
const PALETTES = ["heatmap", "ramp", "diverging", "ordinal", "category"];
const TWO_LINE_ROW_PIXELS = 30;

/** @type {Record<string, Specification> | undefined} */
let specifications;
/** @type {ReturnType<typeof readTheme> | undefined} */
let theme;
/** @type {Map<HTMLElement, VegaView>} */
const views = new Map();

export function isNarrow() {
  return window.innerWidth <= 760;  // as in style.css
}

/**
 * Draws a chart of the rows into an element; one that is there already changes its rows and signals.
 * @param {HTMLElement} element
 * @param {string} name the chart's name in report/charts
 * @param {object[]} rows at least one
 * @param {Record<string, unknown>} signals values of the chart's parameters
 */
export async function drawChart(element, name, rows, signals = {}) {
  const view = views.get(element);
  if (!view) {
    views.set(element, await embed(element, name, rows, signals));
    return;
  }
  for (const [signal, value] of Object.entries(signals)) view.signal(signal, value);
  await view.data("rows", rows).resize().runAsync();
}

/**
 * @param {HTMLElement} element
 */
export function removeChart(element) {
  views.get(element)?.finalize();
  views.delete(element);
  element.replaceChildren();
}

/** Removes all charts, so that they are drawn anew with the colours and widths of now. */
export function removeAllCharts() {
  for (const element of [...views.keys()]) removeChart(element);
  theme = undefined;
}

/** Gives all charts the colours and widths of now before it returns: a browser that prints does not wait. */
export function restyleAtOnce() {
  const signals = readTheme();
  for (const [element, view] of views) {
    for (const [signal, value] of Object.entries({...signals, width: element.clientWidth})) view.signal(signal, value);
    view.run();
  }
}

/**
 * The signals of charts over time: the days they span.
 * @param {Pick<Selection, "from" | "until">} selection
 */
export function timeSpan({from, until}) {
  return {first: from, last: until};
}

/**
 * @param {HTMLElement} element
 * @param {string} name
 * @param {object[]} rows
 * @param {Record<string, unknown>} signals
 */
async function embed(element, name, rows, signals) {
  theme ??= readTheme();
  const embedded = await vegaEmbed(element, specify(name, rows, {...theme, ...signals}), {
    mode: "vega", renderer: "svg", actions: false, defaultStyle: false,
    tooltip: {
      theme: matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light", sanitize: tooltipText,
    },
  });
  return embedded.view;
}

/**
 * A tooltip's text as HTML that shows it as it is; what is not known is said in a word.
 * @param {unknown} text
 */
function tooltipText(text) {
  if (text === null || text === undefined || ["null", "NaN", "undefined"].includes(String(text))) return "unknown";
  return String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;");
}

/**
 * The chart's specification with its rows and values in place: drawn without rows, Vega warns of infinite extents.
 * @param {string} name
 * @param {object[]} rows
 * @param {Record<string, unknown>} signals
 */
function specify(name, rows, signals) {
  specifications ??= /** @type {Record<string, Specification>} */ (readJson("charts"));
  const specification = structuredClone(specifications[name]);
  const values = {...signals};
  if (values.narrow && PAIR_CHARTS.has(name)) values.y_step = TWO_LINE_ROW_PIXELS;
  for (const signal of specification.signals ?? []) if (signal.name in values) signal.value = values[signal.name];
  for (const table of specification.data) if (table.name === "rows") table.values = rows;
  return specification;
}

/** The values of the parameters that all charts share, by the style sheet: colours, the font, whether there is little room. */
function readTheme() {
  const style = getComputedStyle(find(":root"));
  /** @param {string} name */
  const property = name => style.getPropertyValue(`--${name}`).trim();
  /** @param {string} name */
  const palette = name => [name, property(name).split(/\s+/)];
  return {
    ink: property("ink"), muted: property("muted"), line: property("line"), accent: property("accent"),
    warning: property("bad"), unknown: property("unknown"), font: property("font"), narrow: isNarrow(),
    ...Object.fromEntries(PALETTES.map(palette)),
  };
}
