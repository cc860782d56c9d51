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

/** The nodes of a trace at `positions`, in the trace's order. */
export function traceAt(trace: CascadeTrace, positions: Int32Array): CascadeTrace {
  const chosen = new Uint8Array(trace.classes[0].length);
  for (const position of positions) chosen[position] = 1;
  const isChosen = (_: number, i: number) => chosen[i] === 1;
  return {
    classes: trace.classes.map((all) => all.filter(isChosen)),
    confidence: trace.confidence.map((all) => all.filter(isChosen)),
    stageClasses: trace.stageClasses.map((all) => all.filter(isChosen)),
    macs: trace.macs.map((all) => all.filter(isChosen)),
  };
}
