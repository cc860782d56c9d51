// What a mapping counts, for metrics.

export interface MappingCounters {
  samples: number;
  /** Members that are null: no value at that time. */
  nullValues: number;
  /** Channels without a rule, where only those with one are read. */
  unlistedValues: number;
  /** Messages that the broker kept and that state no time. */
  undated: number;
}
