// What a benchmark is: a named list of cases, each measured side by side with its peers.

/** One measured quantity. Lower is better unless the unit is a rate. */
export interface CaseFigures {
  readonly name: string;
  /** `s`, `MB`, …; a rate ends in `/s`. */
  readonly unit: string;
  /** Median; `null` where it could not be measured: `notes` says why. */
  readonly ours: number | null;
  /** Medians by peer name; empty where no peer could run. */
  readonly peers: Readonly<Record<string, number>>;
  /** Peer divided by ours. */
  readonly ratios: Readonly<Record<string, number>>;
  /** Every repetition in the order it ran, by side: `ours` or a peer's name. */
  readonly samples: Readonly<Record<string, readonly number[]>>;
  /** What was compared, what was left out and why, in words. */
  readonly notes: readonly string[];
  /** Whatever else helps to read the figure: epochs, layouts, seconds per phase. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Ours broke, which is a fault; unlike data that is not at hand. */
  readonly failed?: true;
}

export interface CaseSummary {
  readonly name: string;
  readonly summary: string;
  /** Runs only when asked for by name: it takes very long or very much memory. */
  readonly optIn: boolean;
}

export interface BenchContext {
  readonly signal: AbortSignal;
  /** A line of progress for people. */
  line(text: string): void;
  /** Repetitions per case; each case has its own default. */
  readonly repetitions: number | undefined;
  /** Whether peers run at all. */
  readonly withPeers: boolean;
}

export interface OpenBenchmark {
  /** What belongs beside the machine's own facts: versions and threads of the peers. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** Measures the case called `name`; one case may yield several figures. */
  run(name: string): Promise<readonly CaseFigures[]>;
}

export interface Benchmark {
  readonly name: string;
  readonly summary: string;
  readonly cases: readonly CaseSummary[];
  /** Installs what the peers need. Returns what became of it, in words. */
  setup(context: BenchContext): Promise<string>;
  open(context: BenchContext): Promise<OpenBenchmark>;
}
