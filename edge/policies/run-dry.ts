// A dry-run from request to answer: reads the day's traffic and the manifests of its bundles, plays it
// under the draft, and says what the figures leave open.
import type { Manifest } from '@dandan/shared/bundle';
import { type PolicyDocument, scheduleOf, TERA, wallClock } from '@dandan/shared/policy';
import type { Bindings } from '../env.ts';
import { createBundleStore } from '../registry/bundle-store.ts';
import { playDay } from './dry-run.ts';
import { ALL_MODELS, createPolicyStore } from './policy-store.ts';
import { readManifest } from './read-manifest.ts';
import type { DryRun } from './schemas.ts';
import { createSide, joinSides, type Side } from './side.ts';
import { createTraffic, HOUR_MS, type TrafficHour } from './traffic.ts';

/** Bundles of one day; each is a read of R2, and a day of more releases was a day of trials. */
export const MAX_BUNDLES = 16;

/**
 * US$ for 10¹² multiply-accumulates where a document names none: the CPU time of the kernels alone,
 * 30,000 ms at US$ 0.02 per million. A bill has requests and parsing beside it.
 */
export const KERNEL_USD_PER_TERAMACS = 0.0006;

export interface RunDryOptions {
  readonly env: Bindings;
  readonly model: string;
  readonly document: PolicyDocument;
  /** Local date. @default {yesterday} */
  readonly date?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Figures to six decimals: half a node stays, noise of the last bit does not. */
const rounded = (value: number) => Math.round(value * 1e6) / 1e6;

function sideOf({ nodes, macs, disagreements, exits, policies }: Side, price: number) {
  return {
    nodes: rounded(nodes),
    policies: Object.fromEntries([...policies].map(([name, count]) => [name, rounded(count)])),
    exits: exits.map(rounded),
    macs: Math.round(macs),
    usd: Number(((macs / TERA) * price).toPrecision(6)),
    agreement: nodes > 0 ? rounded(1 - Math.min(1, disagreements / nodes)) : null,
  };
}

/** Nodes that change their stage at least: what one side has less of, the other has more of. */
const movedOf = (was: Side, wouldBe: Side) =>
  wouldBe.exits.reduce((sum, n, k) => sum + Math.abs(n - (was.exits[k] ?? 0)), 0) / 2;

/** Manifests of the bundles with most nodes. */
async function manifestsOf(env: Bindings, hours: readonly TrafficHour[]) {
  const nodes = new Map<string, { model: string; nodes: number }>();
  for (const { bundle, model, nodes: n } of hours) {
    nodes.set(bundle, { model, nodes: n + (nodes.get(bundle)?.nodes ?? 0) });
  }
  const most = [...nodes].sort(([, a], [, b]) => b.nodes - a.nodes).slice(0, MAX_BUNDLES);
  const store = createBundleStore({ database: env.REGISTRY, bucket: env.BUNDLES });
  const found = await Promise.all(
    most.map(async ([bundle, { model }]) => [bundle, await readManifest(store, model, bundle)]),
  );
  return new Map(found.filter((entry): entry is [string, Manifest] => entry[1] !== undefined));
}

function notesOf(options: {
  readonly document: PolicyDocument;
  readonly estimated: number;
  readonly leftOut: number;
}): string[] {
  const { document, estimated, leftOut } = options;
  return [
    'Rows of an hour are taken to have come evenly, and requests to have left the policy open; escalations keep theirs and meet caps alone; answers of gateways are left out.',
    'Agreement is expected from certificates and validation; where a limit stops nodes it is the least to expect of nodes like those of validation.',
    ...(estimated > 0
      ? [
          `${rounded(estimated)} nodes were cut short, or had other thresholds: where they would have stopped is estimated from the shares of stages in validation, so up to as many may stop elsewhere.`,
        ]
      : []),
    ...(document.load
      ? [
          'Load is the mean of an hour over all isolates: peaks within it, and how many isolates shared it, are not seen.',
        ]
      : []),
    ...(leftOut > 0
      ? [`${leftOut} nodes of bundles whose manifest was not read are left out.`]
      : []),
  ];
}

/** What the draft would have changed. */
export async function runDry(options: RunDryOptions): Promise<DryRun> {
  const { env, model, document, now } = options;
  const { timeZone, cost } = document;
  const schedule = scheduleOf(document);
  const local = (at: number) => wallClock(timeZone, at);
  const span = options.date
    ? schedule.dateSpan(options.date)
    : schedule.localDay(schedule.localDay(now).from - 1);
  const all = await createTraffic(env.REGISTRY).hours(model, span);
  const others = model === ALL_MODELS ? await createPolicyStore(env.REGISTRY).list() : [];
  const governed = new Set(others.map((each) => each.model));
  const manifests = await manifestsOf(env, all);
  const hours = all.filter(({ bundle }) => manifests.has(bundle));
  const count = (list: readonly TrafficHour[]) => list.reduce((sum, { nodes }) => sum + nodes, 0);
  const played = playDay({ document, hours, manifests, governs: (name) => !governed.has(name) });
  const [was, wouldBe] = [createSide(), createSide()];
  for (const hour of played) {
    joinSides(was, hour.was);
    joinSides(wouldBe, hour.wouldBe);
  }
  const price = cost?.usdPerTeraMacs ?? KERNEL_USD_PER_TERAMACS;
  const { estimated } = wouldBe;
  return {
    model,
    date: options.date ?? local(span.from + HOUR_MS / 2).slice(0, 10),
    timeZone,
    usdPerTeraMacs: price,
    was: sideOf(was, price),
    wouldBe: sideOf(wouldBe, price),
    moved: rounded(played.reduce((sum, hour) => sum + movedOf(hour.was, hour.wouldBe), 0)),
    estimated: rounded(estimated),
    hours: played.map((hour) => ({
      start: new Date(hour.start).toISOString(),
      local: local(hour.start),
      was: sideOf(hour.was, price),
      wouldBe: sideOf(hour.wouldBe, price),
      decisions: hour.stretches.map(({ from, policy, maxStage, reason }) => ({
        from: new Date(from).toISOString(),
        local: local(from),
        policy,
        maxStage: maxStage ?? null,
        reason,
      })),
    })),
    notes: notesOf({ document, estimated, leftOut: count(all) - count(hours) }),
  };
}
