// Data: values of metrics that a birth has named, by name or by alias.
import { InputError } from '@dandan/shared/error';
import type { DecodedMetric } from './decode-payload.ts';
import { MAX_UNIT_LENGTH } from './limits.ts';
import { type MetricEntry, type MetricTable, targetOf } from './metric-table.ts';
import { DATA_TYPE } from './metric-value.ts';
import { isAlive, type Member } from './plant.ts';
import { type BirthContext, claimAsset } from './read-births.ts';
import { addProblem, type ReadingState, takeValue } from './take-value.ts';

export interface DataContext extends BirthContext {
  readonly readBeforeBirth: boolean;
}

/** The entry that `metric` means; `undefined` where the births that are known do not tell. */
function entryOf(metric: DecodedMetric, table: MetricTable): MetricEntry | undefined {
  const { name, alias, dataType } = metric;
  const byAlias = alias === undefined ? undefined : table.byAlias.get(alias);
  const entry = byAlias ?? (name === undefined ? undefined : table.byName.get(name));
  if (entry === undefined) return undefined;
  // Another name or type under a known alias: a birth has been missed.
  if (name !== undefined && name !== entry.name) return undefined;
  const knowsType = entry.dataType !== DATA_TYPE.unknown;
  return knowsType && dataType !== undefined && dataType !== entry.dataType ? undefined : entry;
}

/** An entry for a metric that no birth has named but that names itself and its type. */
function selfNamed(
  metric: DecodedMetric,
  table: MetricTable,
  { naming }: BirthContext,
): MetricEntry | undefined {
  const { name, alias, dataType, unit } = metric;
  if (name === undefined || dataType === undefined || table.byName.has(name)) return undefined;
  if (alias !== undefined && table.byAlias.has(alias)) return undefined;
  const short = unit !== undefined && unit.length <= MAX_UNIT_LENGTH;
  const facts = { name, alias, dataType, unit: short ? unit : undefined };
  const target = targetOf(facts, naming);
  const known = target !== undefined && !(target instanceof InputError);
  return { ...facts, target: known && !table.channels.has(target.channel) ? target : undefined };
}

/**
 * Reads data of `member`. Without a birth nothing is read, unless `readBeforeBirth`.
 *
 * @returns whether all of it was understood; if not, births are to be asked for.
 */
export function readData(member: Member, context: DataContext, state: ReadingState): boolean {
  const { payload, counters } = state;
  const alive = isAlive(member);
  if (!alive && !context.readBeforeBirth) {
    counters.unknownMetrics += payload.metrics.length;
    return false;
  }
  let understood = alive;
  let mayClaim = member.asset === undefined;
  for (const metric of payload.metrics) {
    const entry = entryOf(metric, member.table) ?? selfNamed(metric, member.table, context);
    if (entry === undefined) {
      understood = false;
      counters.unknownMetrics++;
      continue;
    }
    if (mayClaim && entry.target !== undefined) {
      // It has had no birth, or the asset was another's then.
      claimAsset(member, context, state);
      mayClaim = false;
    }
    takeValue(metric, entry, member.asset, state);
  }
  if (alive && !understood) {
    const details = {
      field: 'metrics',
      value: member.device ?? member.node,
      allowed: 'metrics as the last birth named them',
    };
    const message = 'Data of metrics that no birth has named';
    addProblem(state, () => new InputError('payload-invalid', message, details));
  }
  return understood;
}
