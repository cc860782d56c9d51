// What a page of the dashboard is.

export interface PageContext {
  /** The rest of the address behind the page's name, e.g. `press` of `#/models/press`. */
  readonly rest: readonly string[];
  /** Loads the page again, as after a change. */
  refresh(): Promise<void>;
}

export interface Page {
  /** Everything below the heading. @throws what a call of the edge throws. */
  load(context: PageContext): Promise<readonly Node[]>;
  /** Whether it holds what a person writes or reads slowly, and is loaded anew only by them. @default {false} */
  readonly still?: boolean;
}
