// Limits of what the readers accept, so that a broken or hostile folder is refused
// before it costs memory.

/** ogbn-papers100M is out of reach of this trainer; ogbn-products has 2.4 million nodes. */
export const MAX_NODES = 10_000_000;

/** Lines of edges.csv. ogbn-products has 62 million edges. */
export const MAX_EDGES = 200_000_000;

/** Entries of all feature rows: 8 bytes each, 1.6 GB in all. */
export const MAX_NON_ZEROS = 200_000_000;

/**
 * Values of a feature matrix that must be held dense: 2 GB. ogbn-products has
 * 245 million; more than 2 GiB could not be hashed in one piece.
 */
export const MAX_DENSE_VALUES = 500_000_000;

/** Longest line: a row that lists all of a million columns with values is below this. */
export const MAX_LINE_CHARACTERS = 16 * 1024 * 1024;

/** The bundle's manifest allows class names of this length. */
export const MAX_CLASS_NAME_CHARACTERS = 128;

/** meta.json is read whole; a megabyte is a hundred times what ours hold. */
export const MAX_META_BYTES = 1024 * 1024;

/** Problems kept for a report; a file in the wrong format would list every line. */
export const MAX_ISSUES = 50;

/** Arrays of one .npz file; the layout names about twenty. */
export const MAX_ZIP_ENTRIES = 1000;

/** The list of a zip file's entries is read whole: 1,000 long names fit. */
export const MAX_ZIP_DIRECTORY_BYTES = 1024 * 1024;

/** Deflate cannot shrink more than 1032:1; a file that claims more is a zip bomb. */
export const MAX_DEFLATE_RATIO = 1032;

/** NumPy writes 64 KiB headers at most unless forced; ours are 128 bytes. */
export const MAX_NPY_HEADER_BYTES = 64 * 1024;

/** One array: a dense matrix of the largest size above in float64. */
export const MAX_ARRAY_BYTES = 8 * MAX_DENSE_VALUES;

/** Axes of an array; NumPy itself stops at 64, graphs need 2. */
export const MAX_ARRAY_AXES = 8;

/** A Parquet footer is parsed whole: 10,000 columns of a few row groups fit. */
export const MAX_PARQUET_FOOTER_BYTES = 64 * 1024 * 1024;

/** Columns of a node table; beyond, the columns belong in a sparse layout. */
export const MAX_TABLE_COLUMNS = 100_000;

/** A node's name in a table; 10 million of them must fit in memory. */
export const MAX_NODE_ID_CHARACTERS = 256;
