// Where the assembling of a job is.

/** Next piece of the footer, the last chunk in those before, and where its slice ended; or all is there. */
export type FooterCursor =
  | { readonly piece: number; readonly after: number; readonly at: number }
  | 'whole';

export interface AssembleCursor {
  /** Index into the results of the job; beyond them, its end is at hand. */
  readonly result: number;
  /** Only for Parquet. */
  readonly footer?: FooterCursor;
  /** Id of the multipart upload, once it is begun. */
  readonly upload?: string;
  /** Etags of the parts uploaded so far, in order. */
  readonly etags: readonly string[];
  /** Slices deleted so far, once all results are there. */
  readonly cleaned?: number;
}
