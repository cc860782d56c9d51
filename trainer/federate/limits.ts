// What a site may send and what a coordinator may be sent.

/** Fewer rows than this are not summed up: a sum over a handful says what a row is. */
export const MIN_SITE_ROWS = 100;

/** A class with fewer rows than this, and more than none, is withheld. */
export const MIN_CLASS_ROWS = 10;

/** Labelled rows below this give no sums for temperatures: their curve would be that of single rows. */
export const MIN_LABELLED_ROWS = 50;

/** 1,024 classes under 205 thresholds in decimal digits are below this. */
export const MAX_SUMMARY_BYTES = 16 * 1024 * 1024;

/** A coordinator opens every file before it sums. */
export const MAX_SITES = 1000;

/** Rows of one site; sums over all sites stay exact in a double. */
export const MAX_SITE_ROWS = 1_000_000_000;
