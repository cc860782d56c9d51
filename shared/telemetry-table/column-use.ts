// What a column of a table is to whoever reads it.

/** What a column became. */
export type ColumnUse =
  | { readonly kind: 'time' | 'date' | 'asset' | 'run' | 'set' | 'label' }
  /** Of a long table. */
  | { readonly kind: 'channel-names' | 'values' | 'units' }
  | ({ readonly kind: 'channel' } & ChannelUse)
  /** Not read; `reason` is a short phrase, e.g. "ignored by the configuration". */
  | { readonly kind: 'ignored'; readonly reason: string };

export interface ChannelUse {
  readonly channel: string;
  /** As the configuration, the title or the line of units says; '' where none does. */
  readonly unit: string;
  /** Where the column, or tag, is of an asset of its own. */
  readonly asset?: string;
}
