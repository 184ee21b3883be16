// @ts-check
// How placement scores go with the hour of the week.

/** @import {View, WeekHour} from "../logic/collected" */

import {groupBy} from "../logic/grouping.js";
import {sum} from "../logic/statistics.js";
import {emptyCaption, formatNumber, showFigure} from "../figures.js";

const LEAST_DAYS = 3;
const LEAST_EFFECTIVE = 30;  // hours of pairs

/**
 * The weighted mean score of each hour of the week over Regions; where it is of too few days or pairs, `told` is null.
 * @param {WeekHour[]} hours
 * @param {string[]} weekdays names, from Monday
 */
export function weekHourRows(hours, weekdays) {
  return [...groupBy(hours, row => row.hour)].sort(([a], [b]) => a - b).map(([hour, rows]) => {
    const weight = sum(rows.map(row => row.weight));
    const score = sum(rows.map(row => row.score)) / weight;
    const effective = weight ** 2 / sum(rows.map(row => row.square));
    const days = rows.reduce((most, row) => Math.max(most, row.days), 0);
    const isThin = days < LEAST_DAYS || effective < LEAST_EFFECTIVE;
    const at = hour % 24;
    return {
      weekday: weekdays[Math.floor(hour / 24)], hour: at, hours: `${at}:00 to ${at + 1}:00`, score,
      told: isThin ? null : score, count: sum(rows.map(row => row.count)), effective, days,
      note: isThin ? "too little to tell" : "enough to tell",
    };
  });
}

/**
 * @param {View} view
 */
export async function drawWeekHours({collected, filters}) {
  const {weekHours, weekdays, regions} = collected;
  const rows = weekHourRows(weekHours.filter(row => !filters.region || regions[row.region] === filters.region), weekdays);
  const where = filters.region ? `Of ${filters.region}` : "Of all Regions";
  const told = rows.flatMap(row => (row.told === null ? [] : [row.told]));
  await showFigure("week_hours", rows, {
    caption: `${where} and all types, over all days shown, whatever else the filters say. Each pair counts with one over the `
      + `probability with which it was sampled. Grey: fewer than ${LEAST_DAYS} days, or worth fewer than ${LEAST_EFFECTIVE} `
      + `hours of pairs; ${formatNumber(told.length)} of ${formatNumber(rows.length)} hours of the week are told.`,
    emptyCaption: emptyCaption(weekHours.length > 0,
      "No pair has been polled yet whose probability of being sampled is on record."),
    signals: told.length ? {least: Math.min(...told), most: Math.max(...told)} : {},
  });
}
