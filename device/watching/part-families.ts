// The counters of a gateway's parts as families, each with what it says in one sentence.
import type { Parts } from '../assembly/index.ts';
import { type Family, type FieldHelp, snapshotFamilies } from '../exposition/index.ts';

const counter = (help: string): FieldHelp => ({ help });
const gauge = (help: string): FieldHelp => ({ help, kind: 'gauge' });

const JOURNAL = {
  bytes: gauge('Bytes of the journal on the disk.'),
  commits: counter('Writes of the journal that waited for the disk.'),
  writable: gauge('1 while the disk takes what the journal writes.'),
};

const OUTBOX = {
  added: counter('Messages and rows taken in.'),
  delivered: counter('Left after their receiver had acknowledged them.'),
  expired: counter('Left because they were of no more use.'),
  evicted: counter('Left to make room.'),
  refused: counter('Never taken in: no room, too large, or the disk took no writes.'),
  deadLettered: counter('Refused for good by the receiver, or damaged on the disk.'),
  waiting: gauge('Wait now.'),
  bytes: gauge('Bytes of those that wait.'),
};

const DISK = {
  diskBytes: gauge('Bytes of the outbox on the disk.'),
  maxBytes: gauge('Most bytes that the outbox may take.'),
};

const ESCALATION = {
  breakersOpen: gauge('Bundles whose circuit breaker keeps rows back now.'),
  breakerOpenings: counter('Times that a circuit breaker opened.'),
  probes: counter('Batches sent to see whether the edge is back.'),
  throttled: counter('Requests that the edge asked to make later.'),
  budgetSpent: counter("Rows not kept because the day's budget was spent."),
  expired: counter('Rows that became too old for an answer.'),
  undelivered: gauge('Answers of the edge that the broker has not acknowledged.'),
  viaBridge: gauge('1 while rows go over a bridge.'),
  viaSwitches: counter('Times that the other way to the edge was taken.'),
  forgedAnswers: counter("Answers on the broker without the bridge's seal."),
};

const REPORT = {
  heartbeats: counter('Heartbeats that the edge has taken.'),
  heartbeatFailures: counter('Heartbeats that it has not.'),
  auditsDrawn: counter('Own answers drawn for the edge to compare with the full cascade.'),
  auditsDropped: counter('Of them, those that could not be kept.'),
  countReports: counter('Reports of counts that the edge has taken.'),
  countFailures: counter('Reports of counts that it has not.'),
};

const QUALITY = {
  late: counter('Samples that came after a later one.'),
  duplicates: counter('Samples that came again.'),
  historical: counter('Samples that their sender had kept.'),
  unitsConverted: counter('Samples whose unit was converted.'),
  unitsRefused: counter('Samples whose unit does not fit.'),
  clockJumps: counter('Times that the clock of an asset jumped.'),
  stuckSensors: counter('Times that a sensor was found stuck.'),
  silentSensors: counter('Times that a sensor was found silent.'),
  activeConditions: gauge('Conditions of sensors and clocks that hold now.'),
};

const POLICY = {
  dayRows: counter('Rows answered under the policy day.'),
  nightRows: counter('Rows answered under the policy night.'),
  cappedRows: counter('Rows answered under a cap of load.'),
  changes: counter('Times that the policy in force changed.'),
  clockJumps: counter("Times that this gateway's clock was set."),
};

const OUTPUT = {
  limited: counter('Predictions in whose place a newer one left.'),
  unchanged: counter('Predictions that said nothing new.'),
  unsure: counter('Predictions below the least confidence.'),
  unsettled: counter('Predictions of a class that had not settled.'),
  stale: counter('Predictions older than one that had left.'),
};

/** Families of all parts as they are now. */
export function partFamilies(parts: Parts): Family[] {
  const { journal, outbox, escalator, route, report, quality, control, outputs } = parts;
  const { bytes, commits, writable } = journal.status;
  const { diskBytes, maxBytes, deadLetters: _, ...classes } = outbox.snapshot();
  const one = <Field extends string>(
    part: string,
    help: Readonly<Record<Field, FieldHelp>>,
    values: Readonly<Record<NoInfer<Field>, number>>,
  ) => snapshotFamilies({ part, help, snapshots: [{ values }] });
  return [
    ...one('journal', JOURNAL, { bytes, commits, writable: writable ? 1 : 0 }),
    ...snapshotFamilies({
      part: 'outbox',
      help: OUTBOX,
      snapshots: Object.entries(classes).map(([kind, values]) => ({
        labels: { class: kind },
        values,
      })),
    }),
    ...one('outbox', DISK, { diskBytes, maxBytes }),
    ...one('escalation', ESCALATION, { ...escalator.snapshot(), ...route.snapshot() }),
    ...(report === undefined ? [] : one('report', REPORT, report.snapshot())),
    ...one('quality', QUALITY, quality.snapshot()),
    ...one('policy', POLICY, control.policy.snapshot()),
    ...one('suppressed', OUTPUT, outputs.outgoing.counters()),
  ];
}
