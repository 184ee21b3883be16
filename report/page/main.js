// @ts-check
// Draws the page, and draws again what a filter, a button, the window's width or the colour scheme changes.

/** @import {View} from "./logic/collected" */

import {removeAllCharts, restyleAtOnce} from "./charts.js";
import {DAY, HOUR, isoDay} from "./logic/dates.js";
import {decode} from "./logic/decode.js";
import {fromFragment, noFilters, select} from "./logic/filters.js";
import {find, readJson} from "./dom.js";
import {downloadCsv} from "./figures.js";
import {filterForm, prepareFilters, readFilters, rememberFilters, sayPairCount, setFilters} from "./filter_form.js";
import {drawAnswers} from "./sections/answers.js";
import {drawCalibration} from "./sections/calibration.js";
import {drawCalendar, drawSpending} from "./sections/days.js";
import {drawInterruption} from "./sections/interruption.js";
import {drawLaunches, drawReadiness} from "./sections/launches.js";
import {drawPrices} from "./sections/prices.js";
import {drawRanking} from "./sections/ranking.js";
import {drawScores} from "./sections/scores.js";
import {drawWeekHours} from "./sections/week_hours.js";

const collected = decode(readJson("data"));
const limits = {answers: 10, scores: 24, prices: 24, bands: 16, readiness: 6};

const STALE = 26 * HOUR;  // a page is made every night

/** What is drawn now, or about to be. @type {View} */
let view;
/** Ends when all that was asked for has been drawn. */
let drawing = Promise.resolve();
/** The number of times that the filtered sections were to be drawn. */
let draws = 0;

/**
 * Runs a step after those before it: charts are drawn one after the other.
 * @param {() => unknown} step
 */
function enqueue(step) {
  drawing = drawing.then(letBrowserPaint).then(async () => { await step(); }).catch(error => console.error(error));
}

/** @returns {Promise<void>} */
function letBrowserPaint() {
  return new Promise(resolve => setTimeout(resolve));
}

function drawFiltered() {
  const draw = ++draws;
  const filters = readFilters();
  view = {collected, filters, selection: select(collected, filters), limits};
  rememberFilters(filters, collected);
  sayPairCount(view.selection, collected);
  drawAnswers(view);
  enqueue(async () => {
    for (const drawSection of [drawScores, drawPrices, drawWeekHours, drawInterruption, drawRanking, drawLaunches, drawCalibration]) {
      if (draw !== draws) return;  // another filter has been set meanwhile
      await drawSection(view);
      await letBrowserPaint();
    }
    document.documentElement.dataset.drawn = String(draw);  // for tests, which wait for it
  });
}

function drawAll() {
  enqueue(() => drawCalendar(collected));
  enqueue(() => drawSpending(collected));
  drawFiltered();
}

function redrawAll() {
  enqueue(removeAllCharts);
  drawAll();
}

/**
 * @param {string} id a figure's
 */
function showMore(id) {
  if (id === "answers") {
    limits.answers += 20;
    enqueue(() => drawAnswers(view));
  } else if (id === "scores") {
    limits.scores *= 2;
    enqueue(() => drawScores(view));
  } else if (id === "prices") {
    limits.prices *= 2;
    enqueue(() => drawPrices(view));
  } else if (id === "bands") {
    limits.bands *= 2;
    enqueue(() => drawInterruption(view));
  } else if (id === "readiness") {
    limits.readiness += 6;
    enqueue(() => drawReadiness(view));
  }
}

/**
 * Selects the last days collected, or resets all filters.
 * @param {number | null} days
 */
function selectLastDays(days) {
  const unset = noFilters(collected);
  if (days === null) setFilters(unset);
  else setFilters({from: isoDay(Math.max(collected.first, collected.last - (days - 1) * DAY)), to: unset.to});
  drawFiltered();
}

/**
 * A function that acts once it has not been called for that long.
 * @param {number} milliseconds
 * @param {() => void} act
 */
function debounce(milliseconds, act) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, milliseconds);
  };
}

function listen() {
  const form = filterForm();
  form.addEventListener("input", debounce(150, drawFiltered));
  form.addEventListener("submit", event => event.preventDefault());
  for (const button of form.querySelectorAll("[data-days]"))
    button.addEventListener("click", () => selectLastDays(Number(button.getAttribute("data-days")) || null));
  const more = find("#more_filters");  // shown on a phone only
  more.addEventListener("click", () => more.setAttribute("aria-expanded", String(form.classList.toggle("open"))));
  for (const button of document.querySelectorAll("figure .csv"))
    button.addEventListener("click", () => downloadCsv(figureId(button), view.selection));
  for (const button of document.querySelectorAll("figure .more"))
    button.addEventListener("click", () => showMore(figureId(button)));
  window.addEventListener("hashchange", () => {
    if (location.hash && !location.hash.includes("=")) return;  // a heading's, not filters
    setFilters(fromFragment(location.hash, noFilters(collected)));
    drawFiltered();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redrawAll);
  window.addEventListener("beforeprint", () => {
    document.documentElement.classList.add("printing");
    restyleAtOnce();
  });
  window.addEventListener("afterprint", () => {
    document.documentElement.classList.remove("printing");
    redrawAll();
  });
  let width = window.innerWidth;
  window.addEventListener("resize", debounce(250, () => {
    if (window.innerWidth === width) return;  // a phone shows or hides its address bar: nothing to draw
    width = window.innerWidth;
    redrawAll();
  }));
}

/**
 * The id of the figure that an element is part of.
 * @param {Element} element
 */
function figureId(element) {
  return element.closest("figure")?.id ?? "";
}

find("#stale").hidden = Date.now() - collected.made < STALE;
prepareFilters(collected);
listen();
drawAll();
