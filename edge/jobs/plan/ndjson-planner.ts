// NDJSON inputs: one JSON value a line, and no header.
import type { Planner } from './planner.ts';
import { cutText } from './text-planner.ts';

export const ndjsonPlanner: Planner<null> = {
  open: async () => ({ layout: null, start: { begin: 0, place: 1 } }),
  cut: (context, _layout, from) => cutText(context, from, false),
};
