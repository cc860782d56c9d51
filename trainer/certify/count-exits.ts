// Counts what thresholds do to traced nodes.
import { type CascadeTrace, exitStages } from '@dandan/shared/cascade';
import type { ExitCounts } from './promise.ts';

export type Thresholds = readonly (number | null)[];

/**
 * @param classes number of classes.
 * @param gatewayStages nodes that stop later count as escalated; `undefined`: none do.
 */
export function countExits(
  trace: CascadeTrace,
  thresholds: Thresholds,
  classes: number,
  gatewayStages?: number,
): ExitCounts {
  const last = trace.classes.length - 1;
  const full = trace.classes[last];
  const perClass = Array.from({ length: classes }, () => ({ n: 0, disagreements: 0 }));
  let disagreements = 0;
  let escalations = 0;
  let macs = 0;
  const stages = exitStages(trace, thresholds);
  stages.forEach((k, i) => {
    const own = perClass[full[i]];
    own.n++;
    macs += trace.macs[k][i];
    if (gatewayStages !== undefined && k >= gatewayStages) escalations++;
    if (trace.classes[k][i] === full[i]) return;
    own.disagreements++;
    disagreements++;
  });
  return { n: stages.length, disagreements, perClass, escalations, macs };
}

/** The nodes of a trace at `positions`. */
export function traceAt(trace: CascadeTrace, positions: Int32Array): CascadeTrace {
  const at = <T extends Int32Array | Float32Array | Float64Array>(values: readonly T[]) =>
    // The constructor of a typed array makes one of its own kind.
    values.map((all) =>
      (all.constructor as unknown as { from(v: number[]): T }).from(
        Array.from(positions, (i) => all[i]),
      ),
    );
  return {
    classes: at(trace.classes),
    confidence: at(trace.confidence),
    stageClasses: at(trace.stageClasses),
    macs: at(trace.macs),
  };
}
