// A machine's window and those before and after it in the same run.
import { hasCountWindows, type TelemetrySpec } from '@dandan/shared/features';
import type { GraphChoices } from '../project/index.ts';
import type { WindowLine } from '../window-lines.ts';
import { createEdgePairs, type EdgePairs } from './edge-pairs.ts';

/** How many windows apart two windows are that are tied: 1..reach, or the lags as they are. */
export function timeLags(time: GraphChoices['time']): readonly number[] {
  if (typeof time !== 'number') return [...new Set(time.lags)].sort((a, b) => a - b);
  return Array.from({ length: time }, (_, i) => i + 1);
}

/** Ties windows whose ends are exactly `gap` apart: where readings are lacking there is no edge. */
function tieByTime(pairs: EdgePairs, { nodes, times }: WindowLine, gap: number): void {
  let later = 0;
  times.forEach((time, i) => {
    while (later < times.length && times[later] < time + gap) later++;
    if (later < times.length && times[later] === time + gap) pairs.add(nodes[i], nodes[later]);
  });
}

function tieByCount(pairs: EdgePairs, { nodes }: WindowLine, steps: number): void {
  for (let i = 0; i + steps < nodes.length; i++) pairs.add(nodes[i], nodes[i + steps]);
}

export interface TimeEdgesOptions {
  readonly spec: TelemetrySpec;
  readonly time: GraphChoices['time'];
  readonly lines: readonly WindowLine[];
}

export function timeEdges({ spec, time, lines }: TimeEdgesOptions): EdgePairs {
  const pairs = createEdgePairs();
  for (const line of lines) {
    for (const lag of timeLags(time)) {
      if (hasCountWindows(spec)) tieByCount(pairs, line, lag);
      else tieByTime(pairs, line, lag * spec.strideMs);
    }
  }
  return pairs;
}
