// @ts-check
// How placement scores, and launches, go with the hour of the week.

/** @import {View, WeekHour} from "../logic/collected" */

import {emptyCaption, formatNumber, showFigure} from "../figures.js";

const LEAST_DAYS = 3;
const LEAST_PAIR_HOURS = 30;
const LEAST_PROBES = 5;

/**
 * The weighted mean of each hour of the week; where it is of too few days, or worth too few alike in weight, `told` is
 * null.
 * @param {WeekHour[]} hours of one Region, or of all together
 * @param {string[]} weekdays names, from Monday
 * @param {number} leastEffective
 */
export function weekHourRows(hours, weekdays, leastEffective) {
  return [...hours].sort((a, b) => a.hour - b.hour).map(({hour, total, weight, square, count, days}) => {
    const mean = total / weight, effective = weight ** 2 / square, at = hour % 24;
    const isThin = days < LEAST_DAYS || effective < leastEffective;
    return {
      weekday: weekdays[Math.floor(hour / 24)], hour: at, hours: `${at}:00 to ${at + 1}:00`, mean,
      told: isThin ? null : mean, count, effective, days, note: isThin ? "too little to tell" : "enough to tell",
    };
  });
}

/**
 * @param {View} view
 */
export async function drawWeekHours({collected, filters}) {
  const {weekHours, launchHours, weekdays} = collected;
  await drawHours("week_hours", weekHours, filters.region, weekdays, {
    least: LEAST_PAIR_HOURS, unit: "hours of pairs", counted: "Each pair",
    none: "No pair has been polled yet whose probability of being sampled is on record.",
  });
  await drawHours("launch_hours", launchHours, filters.region, weekdays, {
    least: LEAST_PROBES, unit: "probes", counted: "Each instance requested",
    none: "No probe has been made yet whose probability of being sampled is on record.",
  });
}

/**
 * @param {string} id
 * @param {WeekHour[]} hours
 * @param {string} region empty for all
 * @param {string[]} weekdays
 * @param {{least: number, unit: string, counted: string, none: string}} words
 */
async function drawHours(id, hours, region, weekdays, {least, unit, counted, none}) {
  const rows = weekHourRows(hours.filter(row => row.region === (region || null)), weekdays, least);
  const told = rows.flatMap(row => (row.told === null ? [] : [row.told]));
  await showFigure(id, rows, {
    caption: `${region ? `Of ${region}` : "Of all Regions"} and all types, over all days shown, whatever else the filters `
      + `say. ${counted} counts with one over the probability with which it was sampled. Grey: fewer than ${LEAST_DAYS} `
      + `days, or worth fewer than ${least} ${unit}; ${formatNumber(told.length)} of ${formatNumber(rows.length)} hours of `
      + "the week are told.",
    emptyCaption: emptyCaption(hours.length > 0, none),
    signals: told.length ? {least: Math.min(...told), most: Math.max(...told)} : {},
  });
}
