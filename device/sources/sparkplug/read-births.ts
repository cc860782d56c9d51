// Births: the tables that later messages are read by, and the first values.
import { InputError } from '@dandan/shared/error';
import { ASSET_WORDS } from '../naming/index.ts';
import { MAX_KNOWN_METRICS } from './limits.ts';
import {
  createMetricTable,
  factsOf,
  type MetricFacts,
  type MetricTable,
  type NamingOptions,
} from './metric-table.ts';
import type { Member, Plant } from './plant.ts';
import { addProblem, type ReadingState, takeValue } from './take-value.ts';

export interface BirthContext {
  readonly plant: Plant;
  readonly naming: NamingOptions;
  /** The name that the configuration gives a member; `undefined` where it gives none that works. */
  readonly assetOf: (member: Member) => string | undefined;
}

/** Gives `member` its asset, if no other has it. */
export function claimAsset(
  member: Member,
  { plant, assetOf }: BirthContext,
  state: ReadingState,
): void {
  const asset = assetOf(member);
  if (asset !== undefined && plant.claim(member, asset)) return;
  member.asset = undefined;
  const { group, node, device } = member;
  const value = [group, node, device].filter((level) => level !== undefined).join('/');
  const problem =
    asset === undefined
      ? `'${value}' gives no asset`
      : `'${value}' gives the asset '${asset}', which another has`;
  const allowed = `an asset of its own (${ASSET_WORDS}), by 'asset' or 'nodeAsset'`;
  addProblem(
    state,
    () => new InputError('topic-invalid', problem, { field: 'asset', value, allowed }),
  );
}

function learn(member: Member, { plant, naming }: BirthContext, state: ReadingState): MetricTable {
  const problems: InputError[] = [];
  const facts: MetricFacts[] = [];
  const room = plant.roomFor(member);
  for (const metric of state.payload.metrics) {
    const fact = factsOf(metric, problems);
    if (fact === undefined) continue;
    if (facts.length < room) facts.push(fact);
    else {
      const details = {
        field: 'metrics',
        value: fact.name,
        allowed: `at most ${MAX_KNOWN_METRICS} in all births`,
      };
      problems.push(new InputError('payload-invalid', 'Too many metrics', details));
      break;
    }
  }
  const table = createMetricTable(facts, naming, problems);
  for (const problem of problems) addProblem(state, () => problem);
  return table;
}

/** Reads the birth of `member`: its table is made anew, its values become samples. */
export function readBirth(member: Member, context: BirthContext, state: ReadingState): void {
  const { message, payload } = state;
  const { plant } = context;
  state.counters.births++;
  const table = learn(member, context, state);
  plant.setTable(member, table);
  plant.setLife(member, message.retained ? 'retained' : 'live', message.receivedAt);
  // A node that says nothing of a machine needs no asset, and takes none from a device.
  if (table.channels.size > 0) claimAsset(member, context, state);
  for (const metric of payload.metrics) {
    const entry = table.byName.get(metric.name ?? '');
    if (entry !== undefined && entry.alias === metric.alias) {
      takeValue(metric, entry, member.asset, state);
    }
  }
}
