/**
 * The data that report/page.py writes into the page as JSON, and logic/decode.js reads: tables by column, packed so that
 * a year of polls stays within a few megabytes.
 *
 * - A day, an hour, a minute is a number of them since 1970-01-01 00:00 on the collector's wall clock.
 * - A pair is its place in `pairs`.
 * - "Run-length" lists alternate a value and the number of consecutive rows that have it.
 * - "Steps" are differences to the row before (for the first row: to 0).
 */

export interface EmbeddedData {
  /** The first and the last day shown; today where nothing has been collected. */
  first: number;
  last: number;
  /** The first of these days with anything but prices. */
  begun: number;
  /** The minute of the last poll that left rows; 0 without any. */
  polled_until: number;
  /** Instance types and Regions, each once. */
  types: string[];
  regions: string[];
  /** Two numbers a pair: its instance type's place in `types` and its Region's place in `regions`. */
  pairs: number[];
  /** Stands between instance type and Region in the name of a pair. */
  pair_separator: string;
  /** Labels of the bands of interruption frequency, from band 0. */
  bands: string[];
  /** What a change of band is called: to a higher band, to a lower one. */
  directions: string[];
  /** Names of the days of the week, from Monday. */
  weekdays: string[];
  /** When the page was made, in seconds since 1970 in UTC. */
  made: number;
  /** What was last measured of the pairs polled in the last 24 hours, best first. */
  answers: AnswerRow[];
  /** Placement scores by pair and day; for the newest days by pair and hour too. */
  scores: {days: ScoreTable; hours: ScoreTable};
  prices: PriceTable;
  /** Of placement scores, and of the share of instances that got ready. */
  week_hours: WeekHourTable;
  launch_hours: WeekHourTable;
  interruption: BandTable;
  ranking: RankingTable;
  launches: LaunchTable;
  /** A row a day, oldest first: day, polls done, polls due, queries, queries that failed. */
  polls: number[][];
  /** A row a day on which probes were paid for, oldest first: day, US dollars. */
  spending: number[][];
  /** US dollars that probes may cost a day. */
  budget: number;
}

/** A pair's cells as texts (what it says, and what goes with it), and the same as figures by the names of a CSV. */
export interface AnswerRow {
  pair: number;
  cells: string[][];
  figures: Record<string, string | number | null>;
}

/** A row for each pair and unit of time (day or hour) in which the pair was polled, ordered by time, then pair. */
export interface ScoreTable {
  /** Run-length: the day or hour of each row. */
  times: number[];
  /** Steps within one time; the first row of a time has the pair itself. */
  pair: number[];
  /** Polls that gave a score. */
  known: number[];
  /** Sum, lowest and highest of these scores; 0 where no score is known. */
  total: number[];
  low: number[];
  high: number[];
  /** Run-length: polls that gave none, by what came of them instead. */
  absent: number[];
  refused: number[];
  failed: number[];
  waiting: number[];
}

/** Prices of the cheapest zone, at the end of each day on which they moved, ordered by day, then pair. */
export interface PriceTable {
  /** Run-length: the day of each row. */
  times: number[];
  /** Steps within one day; the first row of a day has the pair itself. */
  pair: number[];
  usd: number[];
  /** How many of the units of `usd` are one US dollar. */
  units_a_dollar: number;
}

/** Sums over hours of pairs polled, or over probes: a row for each Region and hour of the week, 0 for Monday 00:00. */
export interface WeekHourTable {
  /** Places in `regions`; -1 for all of them together. */
  region: number[];
  hour: number[];
  /**
   * Weight times mean score or share ready; the weight, and its square. The weight is one over the probability of being
   * sampled; of a probe, times its instances.
   */
  total: number[];
  weight: number[];
  square: number[];
  /** The hours of pairs, or the probes; and the days that they are of. */
  count: number[];
  days: number[];
}

/** The band of interruption frequency that each pair showed first, and each change since. */
export interface BandTable {
  /** Steps: the pairs, ascending. */
  pair: number[];
  /** For each pair the number of its rows in `day` and `band`. */
  steps: number[];
  /**
   * The rows of all pairs one after the other, oldest first: the minute of the change (of a pair's first row as the step
   * from the first of the pair before, of the others from the row before), and the band from then on.
   */
  minute: number[];
  band: number[];
}

/** The scores of each day, ordered by pair. */
export interface RankingTable {
  /** Run-length: the day of each row; -1 for scores of the bootstrap archive, which stand alone. */
  times: number[];
  /** Steps within one day; the first row of a day has the pair itself. */
  pair: number[];
  /** The score, and the changes a day that it is made of. */
  score: number[];
  sps_changes: number[];
  if_changes: number[];
}

/** Launch-time probes, oldest first: a row a probe, unless said otherwise. */
export interface LaunchTable {
  /** Of a probe that asked for more instances than this, this many are kept, evenly spread over their ranks. */
  levels: number;
  /** Probes made, whether in this table or, being too many, left out. */
  seen: number;
  /** Steps: the minute of the request. */
  minute: number[];
  pair: number[];
  /** Instances asked for. */
  asked: number[];
  /** Seconds from the request until the probe ended. */
  watched: number[];
  /** The placement score known at the request, 0 for none. */
  score: number[];
  /** The band of interruption frequency known at the request, -1 for none. */
  band: number[];
  /** How the probe ended: its place in `endings`. */
  ending: number[];
  /** Three numbers a probe: how many of the instances that are kept were fulfilled, running, ready. */
  counts: number[];
  /**
   * Four numbers for each probe of more instances than are kept: its place in this table, and how many of all its
   * instances were fulfilled, running, ready.
   */
  all_counts: number[];
  /**
   * For each of `counts` that many numbers: after how many seconds each instance got there, as steps within one probe
   * and stage.
   */
  seconds: number[];
  /** Words for how a spot request ended. */
  outcomes: string[];
  /** Four numbers a row: day, pair, place in `outcomes`, number of spot requests. */
  outcome_rows: number[];
  /** Words for how a probe ended; and for each, whether such probes tell how many instances would have become ready. */
  endings: string[];
  telling: boolean[];
  /** Four numbers a row: day, pair, place in `endings`, number of probes, also of those that are not in this table. */
  ending_rows: number[];
}
