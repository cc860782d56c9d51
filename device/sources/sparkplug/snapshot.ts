// What a source remembers as plain data: facts as births told them, so that a configuration that
// has changed meanwhile makes of them what it says now.
import { InputError } from '@dandan/shared/error';
import * as z from 'zod';
import { createMetricTable, type MetricTable, type NamingOptions } from './metric-table.ts';
import type { EdgeNode, Member, Plant } from './plant.ts';

/** Raised when an older program could misread a snapshot. */
const VERSION = 1;

const count = z.number().nullable();

/** Name, alias, data type, unit; a list, since there may be 50,000. */
const factsSchema = z.tuple([
  z.string(),
  z.union([z.number(), z.string()]).nullable(),
  z.number(),
  z.string().nullable(),
]);

const memberSchema = z.strictObject({
  life: z.enum(['unknown', 'retained', 'live', 'stale']),
  since: z.number(),
  /** Whether the asset of its name was its own. */
  owns: z.boolean(),
  metrics: z.array(factsSchema),
});

const snapshotSchema = z.strictObject({
  version: z.literal(VERSION),
  nodes: z.array(
    z.strictObject({
      group: z.string(),
      node: z.string(),
      bdSeq: count,
      seq: count,
      missed: z.array(z.string()),
      askedAt: count,
      self: memberSchema,
      devices: z.array(memberSchema.extend({ device: z.string() })),
    }),
  ),
});

export type SparkplugSnapshot = z.infer<typeof snapshotSchema>;
type MemberSnapshot = z.infer<typeof memberSchema>;

const toMember = ({ life, since, asset, table }: Member): MemberSnapshot => ({
  life,
  since,
  owns: asset !== undefined,
  metrics: table.entries.map(({ name, alias, dataType, unit }) => [
    name,
    alias ?? null,
    dataType,
    unit ?? null,
  ]),
});

/** The snapshot of a plant. */
export function takeSnapshot(plant: Plant): SparkplugSnapshot {
  return {
    version: VERSION,
    nodes: Array.from(plant.nodes(), ({ self, devices, bdSeq, seq, missed, askedAt }) => ({
      group: self.group,
      node: self.node,
      bdSeq: bdSeq ?? null,
      seq: seq ?? null,
      missed: [...missed],
      askedAt: askedAt ?? null,
      self: toMember(self),
      devices: Array.from(devices, ([device, member]) => ({ ...toMember(member), device })),
    })),
  };
}

export interface RestoreOptions {
  readonly plant: Plant;
  /** Others are left out: the configuration may have changed. */
  readonly readsNode: (group: string, node: string) => boolean;
  readonly naming: NamingOptions;
  readonly assetOf: (member: Member) => string | undefined;
}

function toTable({ metrics }: MemberSnapshot, naming: NamingOptions): MetricTable {
  const facts = metrics.map(([name, alias, dataType, unit]) => ({
    name,
    alias: alias ?? undefined,
    dataType,
    unit: unit ?? undefined,
  }));
  // What they cannot be read as was told when they were born.
  return createMetricTable(facts, naming, []);
}

/** Fills an empty plant. @throws {InputError} `data-invalid` for what is no snapshot. */
export function restoreSnapshot(snapshot: unknown, options: RestoreOptions): void {
  const { plant, readsNode, naming, assetOf } = options;
  const parsed = snapshotSchema.safeParse(snapshot);
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    throw new InputError('data-invalid', 'Not a snapshot of a Sparkplug source', {
      field: path.map(String).join('.'),
      allowed: message,
    });
  }
  const restore = (member: Member, saved: MemberSnapshot) => {
    plant.setLife(member, saved.life, saved.since);
    member.since = saved.since;
    plant.setTable(member, toTable(saved, naming));
    const asset = saved.owns ? assetOf(member) : undefined;
    if (asset !== undefined) plant.claim(member, asset);
  };
  for (const { group, node, self, devices, ...rest } of parsed.data.nodes) {
    if (!readsNode(group, node)) continue;
    const topic = { group, node, device: undefined, type: 'NBIRTH' } as const;
    const opened: EdgeNode = plant.open(topic, self.since);
    opened.bdSeq = rest.bdSeq ?? undefined;
    opened.seq = rest.seq ?? undefined;
    for (const name of rest.missed) opened.missed.add(name);
    opened.askedAt = rest.askedAt ?? undefined;
    restore(opened.self, self);
    for (const { device, ...saved } of devices) {
      restore(plant.openDevice(opened, device, saved.since), saved);
    }
  }
}
