// The graphs that are compared: each kind of edge on its own, and all but each.
import type { GraphChoices } from '../../history/project/index.ts';

export interface EdgeVariant {
  readonly name: string;
  readonly graph: GraphChoices;
}

/** As the embedded plant has it: 20 minutes before and after. */
const TIME = 4;
const SIMILAR = 4;
/** As many edges as a reach of six, as far as one of 32. */
const LAGS = { lags: [1, 2, 4, 8, 16, 32] };

const graph = (topology: boolean, time: GraphChoices['time'], similar: number) => ({
  topology,
  time,
  similar,
});

export const EDGE_VARIANTS: readonly EdgeVariant[] = [
  { name: 'none', graph: graph(false, 0, 0) },
  { name: 'topology', graph: graph(true, 0, 0) },
  { name: 'time', graph: graph(false, TIME, 0) },
  { name: 'lags', graph: graph(false, LAGS, 0) },
  { name: 'similar', graph: graph(false, 0, SIMILAR) },
  { name: 'topology + time', graph: graph(true, TIME, 0) },
  { name: 'topology + similar', graph: graph(true, 0, SIMILAR) },
  { name: 'time + similar', graph: graph(false, TIME, SIMILAR) },
  { name: 'all', graph: graph(true, TIME, SIMILAR) },
  { name: 'all, with lags', graph: graph(true, LAGS, SIMILAR) },
];
