// Limits of what the readers accept, so that a broken or hostile folder is refused
// before it costs memory.

/** ogbn-papers100M is out of reach of this trainer; ogbn-products has 2.4 million nodes. */
export const MAX_NODES = 10_000_000;

/** Lines of edges.csv. ogbn-products has 62 million edges. */
export const MAX_EDGES = 200_000_000;

/** Entries of all feature rows: 8 bytes each, 1.6 GB in all. */
export const MAX_NON_ZEROS = 200_000_000;

/** Values of a feature matrix that must be held dense: 400 MB. */
export const MAX_DENSE_VALUES = 100_000_000;

/** Longest line: a row that lists all of a million columns with values is below this. */
export const MAX_LINE_CHARACTERS = 16 * 1024 * 1024;

/** The bundle's manifest allows class names of this length. */
export const MAX_CLASS_NAME_CHARACTERS = 128;

/** meta.json is read whole; a megabyte is a hundred times what ours hold. */
export const MAX_META_BYTES = 1024 * 1024;

/** Problems kept for a report; a file in the wrong format would list every line. */
export const MAX_ISSUES = 50;
