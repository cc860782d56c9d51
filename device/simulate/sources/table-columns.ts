// Which columns of a table are time, asset and channels: by flags, or by the names in the wild.
import { InputError } from '@dandan/shared/error';
import {
  CHANNEL_NAME,
  CHANNEL_WORDS,
  TIME_UNITS,
  type TimeUnit,
} from '@dandan/shared/telemetry-table';
import { checkTopicLevel } from '@dandan/shared/wire';

/** Names in the wild, lower case; the first that a table has counts. */
const TIME = ['t', 'time', 'timestamp', 'ts', 'datetime', 'date'];
const ASSET = ['asset', 'asset_id', 'machine', 'device', 'unit_id'];

/** pandas writes its index as a column of this name. */
const INDEX = /^(__index_level_\d+__)?$/;

export interface TableOptions {
  readonly file: string;
  /** @default {the first of t, time, timestamp, ts, datetime, date} */
  readonly timeColumn?: string;
  /** @default {'auto'} */
  readonly timeUnit?: TimeUnit;
  /** @default {asset, machine or device where the table has one} */
  readonly assetColumn?: string;
  /** Name of the only asset, for a table without an asset column. */
  readonly asset?: string;
  /** Given: a long table, one value a row. */
  readonly channelColumn?: string;
  /** Of a long table. @default {'value'} */
  readonly valueColumn?: string;
  /** Of a wide table: those to send, as `column` or `column=channel`. @default {all others} */
  readonly channels?: readonly string[];
}

export interface TableColumns {
  readonly time: number;
  readonly timeUnit: TimeUnit;
  /** Its position, or the only asset's name. */
  readonly asset: number | string;
  readonly values:
    | { readonly kind: 'long'; readonly channel: number; readonly value: number }
    | { readonly kind: 'wide'; readonly channels: readonly (readonly [number, string])[] };
}

function missing(name: string, wanted: string, titles: readonly string[], flag: string): never {
  throw new InputError('data-invalid', `${name} has no column ${wanted}`, {
    field: `${name}:1`,
    value: titles.slice(0, 8).join(','),
    allowed: `a column ${wanted}, or ${flag} with another name`,
  });
}

function channelName(field: string, channel: string): string {
  if (CHANNEL_NAME.test(channel)) return channel;
  throw new InputError('option-invalid', `'${channel}' cannot be the name of a channel`, {
    field,
    value: channel,
    allowed: `${CHANNEL_WORDS}; rename it by --channels column=channel`,
  });
}

/** Finds the columns. @throws {InputError} `data-invalid`, `option-invalid`, `topic-invalid`. */
export function findColumns(
  titles: readonly string[],
  name: string,
  options: TableOptions,
): TableColumns {
  const lower = titles.map((title) => title.toLowerCase());
  const byName = (title: string, flag: string) => {
    const at = titles.indexOf(title);
    return at >= 0 ? at : missing(name, `'${title}'`, titles, flag);
  };
  const guess = (names: readonly string[]) =>
    names.map((each) => lower.indexOf(each)).find((at) => at >= 0);
  const { timeColumn, assetColumn, asset, channelColumn, valueColumn = 'value' } = options;
  const { timeUnit = TIME_UNITS[0], channels } = options;
  const time =
    timeColumn === undefined
      ? (guess(TIME) ?? missing(name, TIME.join(' or '), titles, '--time-column'))
      : byName(timeColumn, '--time-column');
  const assetAt = assetColumn === undefined ? guess(ASSET) : byName(assetColumn, '--asset-column');
  const place =
    asset === undefined
      ? (assetAt ?? missing(name, ASSET.join(' or '), titles, '--asset for a single one'))
      : checkTopicLevel('--asset', asset);
  const common = { time, timeUnit, asset: place };
  if (channelColumn !== undefined) {
    const channel = byName(channelColumn, '--channel-column');
    const value = byName(valueColumn, '--value-column');
    return { ...common, values: { kind: 'long', channel, value } };
  }
  const chosen =
    channels?.map((each) => {
      const [title, channel = title] = each.split('=');
      return [byName(title, '--channels'), channelName('--channels', channel)] as const;
    }) ??
    [...titles.entries()]
      .filter(([at, title]) => at !== time && at !== assetAt && !INDEX.test(title))
      .map(([at, title]) => [at, channelName(`${name}:1:${title}`, title)] as const);
  if (chosen.length === 0) missing(name, 'beside time and asset', titles, '--channels');
  return { ...common, values: { kind: 'wide', channels: chosen } };
}
