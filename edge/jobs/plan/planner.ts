// What a planner of one input format does. Each works in steps that one invocation can afford.
import type { InputSource } from '../input/input-source.ts';
import type { PlannedChunk } from '../job.ts';
import type { Profile } from '../profile.ts';

/** What the rows must fit. */
export interface RowSpec {
  /** Names of the features, in order. */
  readonly features: readonly string[];
  readonly width: number;
  readonly sparse: boolean;
  /** SHA-256 of the bundle. */
  readonly bundle: string;
}

export interface PlanContext {
  readonly source: InputSource;
  readonly spec: RowSpec;
  readonly profile: Profile;
  /** Rows of a chunk that keep within the profile's CPU. */
  readonly rows: number;
  /** Rows of a row group, which cannot be cut. */
  readonly groupRows: number;
}

/** Where in a file planning goes on. */
export interface Position {
  readonly begin: number;
  /** 1-based line of a text file, else a row within the file. */
  readonly place: number;
}

export interface PlannedPart {
  readonly chunks: readonly PlannedChunk[];
  /** `undefined` at the end of the file. */
  readonly next: Position | undefined;
}

/** `Layout` is plain JSON: it is kept with the file, and every chunk of it is read by it. */
export interface Planner<Layout> {
  /** Reads the head of a file. @throws {InputError} where it cannot be read as this format. */
  open(context: PlanContext): Promise<{ readonly layout: Layout; readonly start: Position }>;
  /** Cuts the next chunks of it. */
  cut(context: PlanContext, layout: Layout, from: Position): Promise<PlannedPart>;
}
