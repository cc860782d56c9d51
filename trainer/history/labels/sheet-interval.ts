// A line of a label sheet.
import type { LabelInterval } from '../label-interval.ts';

export interface SheetInterval extends LabelInterval {
  /** Where it stands, e.g. `labels.csv:12`. */
  readonly place: string;
  /** Whether nobody has written down its end yet; `to` is then infinite. */
  readonly isOpen: boolean;
  /** What somebody wrote beside it; '' for nothing. */
  readonly note: string;
}
