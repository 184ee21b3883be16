/**
 * What was collected, as logic/decode.js unpacks it; and what the filters choose of it.
 *
 * Times are milliseconds since 1970 on the collector's wall clock, as if that clock ran on UTC.
 */

export interface Collected {
  /** Midnight that begins the first and the last day shown. */
  first: number;
  last: number;
  /** The midnight that begins the first of these days with anything but prices. */
  begun: number;
  /** When the last poll that left rows began. */
  polledUntil: number;
  pairs: Pair[];
  regions: string[];
  /** When the page was made: milliseconds since 1970 in UTC. */
  made: number;
  /** What was last measured of the pairs polled in the last 24 hours, best first. */
  answers: Answer[];
  bandLabels: string[];
  directions: string[];
  weekdays: string[];
  days: ScoreCells;
  hours: ScoreCells;
  /** By pair, oldest first. */
  prices: Map<number, PriceStep[]>;
  /** Of placement scores, and of the share of instances that got ready. */
  weekHours: WeekHour[];
  launchHours: WeekHour[];
  /** By pair. */
  bandHistories: Map<number, BandStep[]>;
  ranking: RankedPair[];
  probes: Probe[];
  /** Probes made, whether among `probes` or, being too many, left out. */
  probesSeen: number;
  outcomes: Outcome[];
  endings: Ending[];
  endingWords: string[];
  polls: PollDay[];
  spending: SpendingDay[];
  /** US dollars a day. */
  budget: number;
}

/** An instance type in a Region. Elsewhere a pair is its place in `Collected.pairs`. */
export interface Pair {
  type: string;
  region: string;
  /** The instance type up to its dot. */
  family: string;
  name: string;
}

/** What was last measured of a pair, as texts and as figures. */
export interface Answer {
  pair: number;
  cells: AnswerCell[];
  figures: Record<string, string | number | null>;
}

export interface AnswerCell {
  text: string;
  detail: string;
}

/** Placement scores by time and pair: columns of `length` rows. */
export interface ScoreCells {
  length: number;
  time: number[];
  pair: number[];
  /** Polls that gave a score. */
  known: number[];
  /** Sum, lowest and highest of the scores; 0 where none is known. */
  total: number[];
  low: number[];
  high: number[];
  /** Polls that gave none, by what came of them instead. */
  absent: number[];
  refused: number[];
  failed: number[];
  waiting: number[];
}

/** From `time`, the beginning of a day, to the next step the pair cost so many US dollars an hour, as of the days' ends. */
export interface PriceStep {
  time: number;
  usd: number;
}

/** Sums over what was polled, or probed, in an hour of the week, 0 for Monday 00:00. */
export interface WeekHour {
  /** Null: of all Regions. */
  region: string | null;
  hour: number;
  /** Weight times value; the weight, and its square. */
  total: number;
  weight: number;
  square: number;
  count: number;
  days: number;
}

/** From `time` to the next step the pair was in this band. */
export interface BandStep {
  time: number;
  band: number;
}

export interface RankedPair {
  /** The day's midnight; null for a score of the bootstrap archive. */
  time: number | null;
  pair: number;
  score: number;
  spsChanges: number;
  ifChanges: number;
}

export type Stage = "fulfilled" | "running" | "ready";

/** A launch-time probe; for each stage, after how many seconds its instances got there, ascending. */
export interface Probe extends Record<Stage, number[]> {
  time: number;
  pair: number;
  asked: number;
  /** How many of the instances asked for are kept here: all, or an evenly spread sample. */
  levels: number;
  /** How many of all its instances got to each stage. */
  reached: Record<Stage, number>;
  ending: string;
  /** Whether it counted all that the market gave until its timeout: it was not cut short, nor waited for less. */
  tellsReadiness: boolean;
  /** Seconds from the request until the probe ended. */
  watched: number;
  /** Placement score (1 to 10) and band (0 to 4) known at the request. */
  score: number | null;
  band: number | null;
}

/** How many of a day's spot requests ended in one way. */
export interface Outcome {
  time: number;
  pair: number;
  outcome: string;
  requests: number;
}

/** How many of a day's probes ended in one way. */
export interface Ending {
  time: number;
  pair: number;
  ending: string;
  probes: number;
}

export interface PollDay {
  time: number;
  polls: number;
  due: number;
  queries: number;
  failed: number;
}

export interface SpendingDay {
  time: number;
  usd: number;
}

/** The texts of the filter form; an empty one does not filter. */
export interface Filters {
  /** An instance type, or a part of some. */
  type: string;
  family: string;
  region: string;
  /** First and last day, YYYY-MM-DD. */
  from: string;
  to: string;
}

/** What the filters leave. */
export interface Selection {
  /** By pair: 1 for those chosen, 0 for the others. */
  matches: Uint8Array;
  /** How many pairs are chosen. */
  pairCount: number;
  /** Midnight that begins the first day chosen, and midnight that ends the last. */
  from: number;
  until: number;
}

/** All that a section of the page is drawn from. */
export interface View {
  collected: Collected;
  selection: Selection;
  filters: Filters;
  /** How many pairs a figure shows at most, by its id; "Show more" raises it. */
  limits: {answers: number; scores: number; prices: number; bands: number; readiness: number};
}
