// Sums up observations in the isolate between two flushes: maps in memory, nothing waits.
import type {
  AskerFlush,
  AuditFlush,
  DriftFlush,
  HardCandidate,
  ModelFlush,
  SeriesFlush,
} from './flush.ts';
import type { Asker, Observation } from './observation.ts';
import { addTally, createTally } from './tally.ts';

/** Askers of a model told apart in one flush; a plant has tens of gateways. */
export const MAX_ASKERS = 256;

/** Who comes after that is counted under this name. */
export const OTHER_ASKERS = 'others';

/** Audits kept of a flush: those of 400,000 answers. Later ones are left out whatever they showed. */
export const MAX_OUTCOMES = 4096;

/** Hard rows kept of a flush, and of one asker in it: a flood of them costs no more than these. */
export const MAX_CANDIDATES = 32;
export const MAX_CANDIDATES_PER_ASKER = 8;

/** An observation, with what closer looks at some of its rows have shown. */
export interface Observed extends Observation {
  /** Under a certificate: outcomes as in {@linkcode AuditFlush}. */
  readonly audit?: Pick<AuditFlush, 'alpha' | 'delta' | 'outcomes'> | undefined;
  readonly hardCases?: readonly HardCandidate[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface ModelSums {
  readonly series: Map<string, SeriesFlush>;
  readonly audits: Map<string, Mutable<AuditFlush>>;
  readonly askers: Map<string, Mutable<AskerFlush>>;
  readonly drift: Map<string, Mutable<DriftFlush>>;
  readonly hardCases: HardCandidate[];
}

export interface Accumulator {
  add(observed: Observed): void;
  /** Hard rows of an asker that would still be kept. */
  room(model: string, asker: Asker): number;
  /** Counters for sampled rows of a bundle, to be counted in place. */
  drift(model: string, bundle: string, bins: number): Mutable<DriftFlush>;
  /** What was added since the last time, by model in order of appearance. */
  take(): ModelFlush[];
}

function found<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

const createSums = (): ModelSums => ({
  series: new Map(),
  audits: new Map(),
  askers: new Map(),
  drift: new Map(),
  hardCases: [],
});

function addAudit(
  { audits }: ModelSums,
  { bundle, policy }: Observed,
  audit: NonNullable<Observed['audit']>,
): void {
  const { alpha, delta, outcomes } = audit;
  const kept = found(audits, `${policy} ${bundle}`, () => ({
    bundle,
    policy,
    alpha,
    delta,
    outcomes: '',
  }));
  kept.outcomes += outcomes.slice(0, MAX_OUTCOMES - kept.outcomes.length);
}

function addAsker({ askers }: ModelSums, { bundle, source, asker, tally }: Observed): void {
  let { key, device } = asker;
  if (askers.size >= MAX_ASKERS && !askers.has(`${key} ${device}`)) {
    key = OTHER_ASKERS;
    device = '';
  }
  const kept = found(askers, `${key} ${device}`, () => ({
    key,
    device,
    bundle,
    requests: 0,
    nodes: 0,
    escalations: 0,
    degraded: 0,
  }));
  kept.bundle = bundle;
  kept.requests += tally.requests;
  kept.nodes += tally.nodes;
  if (source === 'escalation') kept.escalations += tally.nodes;
  kept.degraded += tally.degraded;
}

function roomFor(hardCases: readonly HardCandidate[], { key, device }: Asker): number {
  const own = hardCases.filter((each) => each.key === key && each.device === device);
  return Math.min(MAX_CANDIDATES - hardCases.length, MAX_CANDIDATES_PER_ASKER - own.length);
}

function addCandidates({ hardCases }: ModelSums, candidates: readonly HardCandidate[]): void {
  for (const candidate of candidates) {
    if (roomFor(hardCases, candidate) > 0) hardCases.push(candidate);
  }
}

/** An empty accumulator. */
export function createAccumulator(): Accumulator {
  let models = new Map<string, ModelSums>();
  return {
    add(observed) {
      const { model, bundle, policy, source, tally, audit, hardCases } = observed;
      const sums = found(models, model, createSums);
      const series = found(sums.series, `${source} ${policy} ${bundle}`, () => ({
        bundle,
        policy,
        source,
        tally: createTally(),
      }));
      addTally(series.tally, tally);
      addAsker(sums, observed);
      if (audit !== undefined) addAudit(sums, observed, audit);
      if (hardCases !== undefined) addCandidates(sums, hardCases);
    },
    room: (model, asker) => roomFor(models.get(model)?.hardCases ?? [], asker),
    drift(model, bundle, bins) {
      const { drift } = found(models, model, createSums);
      return found(drift, bundle, () => ({ bundle, rows: 0, counts: new Uint32Array(bins) }));
    },
    take() {
      const taken = models;
      models = new Map();
      return Array.from(taken, ([model, { series, audits, askers, drift, hardCases }]) => ({
        model,
        series: [...series.values()],
        audits: [...audits.values()],
        askers: [...askers.values()],
        drift: [...drift.values()],
        hardCases,
      }));
    },
  };
}
