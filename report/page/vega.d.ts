/** What the page uses of Vega and vega-embed, which report/page.py puts into the page before the page's own script. */

export interface Specification {
  signals?: {name: string; value?: unknown}[];
  data: {name: string; values?: object[]}[];
}

export interface VegaView {
  signal(name: string, value: unknown): VegaView;
  data(name: string, rows: object[]): VegaView;
  resize(): VegaView;
  runAsync(): Promise<VegaView>;
  run(): VegaView;
  finalize(): void;
}

declare global {
  function vegaEmbed(element: HTMLElement, specification: Specification, options: object): Promise<{view: VegaView}>;
}
