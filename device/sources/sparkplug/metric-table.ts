// What a birth says of its metrics: name, alias, type, unit; and what becomes of each here.
import { InputError } from '@dandan/shared/error';
import {
  CHANNEL_WORDS,
  type ChannelRules,
  keepsValue,
  ruleOf,
  toChannelName,
} from '../naming/index.ts';
import type { Alias, DecodedMetric } from './decode-payload.ts';
import { MAX_UNIT_LENGTH } from './limits.ts';
import { DATA_TYPE, isNumericType } from './metric-value.ts';

/** What a birth says of one metric: all there is to remember. */
export interface MetricFacts {
  readonly name: string;
  readonly alias: Alias | undefined;
  readonly dataType: number;
  readonly unit: string | undefined;
}

/** How samples of a metric are made. */
export interface MetricTarget {
  readonly channel: string;
  readonly scale: number;
  readonly offset: number;
  readonly unit: string | undefined;
}

export interface MetricEntry extends MetricFacts {
  /** `undefined`: known, but not read. */
  readonly target: MetricTarget | undefined;
}

export interface MetricTable {
  readonly entries: readonly MetricEntry[];
  readonly byName: ReadonlyMap<string, MetricEntry>;
  readonly byAlias: ReadonlyMap<Alias, MetricEntry>;
  /** Name of the metric by its channel. */
  readonly channels: ReadonlyMap<string, string>;
}

export const EMPTY_TABLE: MetricTable = {
  entries: [],
  byName: new Map(),
  byAlias: new Map(),
  channels: new Map(),
};

export interface NamingOptions {
  readonly rules: ChannelRules;
  /** Metrics without a rule are not read. */
  readonly listedOnly: boolean;
}

/** Of the protocol itself, not of a machine. */
const CONTROL = /^(bdSeq$|Node Control\/|Device Control\/)/;

function refuse(name: string, problem: string, allowed: string): InputError {
  return new InputError('payload-invalid', `Metric '${name}' ${problem}`, {
    field: 'metric',
    value: name,
    allowed,
  });
}

/** Where samples of a metric go; a problem where that cannot be said; `undefined`: nowhere. */
export function targetOf(
  { name, dataType, unit }: Omit<MetricFacts, 'alias'>,
  { rules, listedOnly }: NamingOptions,
): MetricTarget | InputError | undefined {
  const readable = isNumericType(dataType) || dataType === DATA_TYPE.unknown;
  const rule = ruleOf(rules, name);
  if (!readable || (rule === undefined && (listedOnly || CONTROL.test(name)))) return undefined;
  if (rule !== undefined) {
    const { channel, scale, offset } = rule;
    return { channel, scale, offset, unit: rule.unit ?? (keepsValue(rule) ? unit : undefined) };
  }
  const channel = toChannelName(name);
  if (channel !== undefined) return { channel, scale: 1, offset: 0, unit };
  const allowed = `a name that gives a channel (${CHANNEL_WORDS}), or an entry in 'metrics'`;
  return refuse(name, 'gives no channel', allowed);
}

/** What `metric` of a birth says; a problem where it says no name. */
export function factsOf(metric: DecodedMetric, problems: InputError[]): MetricFacts | undefined {
  const { name, alias, dataType = DATA_TYPE.unknown, unit } = metric;
  if (name === undefined || name === '') {
    problems.push(refuse(String(alias ?? ''), 'of a birth has no name', 'a name for each metric'));
    return undefined;
  }
  if (unit === undefined || unit.length <= MAX_UNIT_LENGTH) return { name, alias, dataType, unit };
  const allowed = `a unit of at most ${MAX_UNIT_LENGTH} characters`;
  problems.push(refuse(name, `has a unit of ${unit.length} characters`, allowed));
  return { name, alias, dataType, unit: undefined };
}

/** The table of a birth. Names, aliases and channels are given away once, to whoever comes first. */
export function createMetricTable(
  facts: readonly MetricFacts[],
  options: NamingOptions,
  problems: InputError[],
): MetricTable {
  const byName = new Map<string, MetricEntry>();
  const byAlias = new Map<Alias, MetricEntry>();
  const channels = new Map<string, string>();
  for (const fact of facts) {
    const { name, alias } = fact;
    const namesake = alias === undefined ? undefined : byAlias.get(alias);
    if (byName.has(name) || namesake !== undefined) {
      // Some writers add bdSeq to a birth that has it already.
      if (CONTROL.test(name)) continue;
      const allowed = 'each name and each alias once in the births of a device';
      problems.push(refuse(name, 'is born twice', allowed));
      continue;
    }
    let target = targetOf(fact, options);
    const owner =
      target instanceof InputError || target === undefined
        ? undefined
        : channels.get(target.channel);
    if (owner !== undefined) {
      const allowed = `a channel of its own, by an entry in 'metrics'; '${owner}' has this one`;
      target = refuse(name, 'gives a channel that is taken', allowed);
    }
    if (target instanceof InputError) problems.push(target);
    else if (target !== undefined) channels.set(target.channel, name);
    const entry = { ...fact, target: target instanceof InputError ? undefined : target };
    byName.set(name, entry);
    if (alias !== undefined) byAlias.set(alias, entry);
  }
  return { entries: [...byName.values()], byName, byAlias, channels };
}
