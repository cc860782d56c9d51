// `press-1 > oven-1, oven-2 > cooler`: the drawing of a line as one would type it in a mail.

export interface FlowEdge {
  readonly from: string;
  readonly to: string;
}

export type Flow =
  | {
      readonly kind: 'flow';
      readonly machines: readonly string[];
      readonly edges: readonly FlowEdge[];
    }
  | { readonly kind: 'refused'; readonly why: string };

export const FLOW_WORDS =
  'machines in the order of the flow, e.g. press-1 > oven-1, oven-2 > cooler';

const ARROW = /\s*(?:-*>|→|⇒)\s*/;

/** A comma stands between machines that are side by side: each is fed by all before the arrow. */
export function parseFlow(text: string): Flow {
  const steps = text
    .trim()
    .split(ARROW)
    .map((step) => step.split(',').map((machine) => machine.trim()));
  if (steps.some((step) => step.includes(''))) {
    return { kind: 'refused', why: 'a machine is missing beside an arrow or a comma' };
  }
  const edges = steps.slice(1).flatMap((step, index) =>
    // Edges of one arrow are by the machine before it.
    steps[index].flatMap((from) => step.map((to) => ({ from, to }))),
  );
  return { kind: 'flow', machines: [...new Set(steps.flat())], edges };
}
