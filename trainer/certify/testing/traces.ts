// Made-up traces for the tests of certification.
import type { CascadeTrace } from '@dandan/shared/cascade';
import type { Random } from '@dandan/shared/random';

export interface Node {
  /** Confidence per stage but the last. */
  readonly confidence: readonly number[];
  /** Whether the stage's running class differs from the last stage's. */
  readonly differs: readonly boolean[];
  /** The last stage's class; a stage that differs answers the next one. @default {0} */
  readonly class?: number;
}

/** A trace of K stages that cost 1, 2, .. MACs in all. */
export function traceOf(nodes: readonly Node[], classes = 2): CascadeTrace {
  const early = nodes[0]?.confidence.length ?? 1;
  const stages = Array.from({ length: early + 1 }, (_, k) => k);
  const answers = stages.map((k) =>
    Int32Array.from(nodes, (node) => ((node.class ?? 0) + Number(node.differs[k] ?? 0)) % classes),
  );
  return {
    classes: answers,
    stageClasses: answers,
    confidence: stages.map((k) => Float32Array.from(nodes, (node) => node.confidence[k] ?? 1)),
    macs: stages.map((k) => new Float64Array(nodes.length).fill(k + 1)),
  };
}

export const node = (confidence: number, differs: boolean): Node => ({
  confidence: [confidence],
  differs: [differs],
});

export const many = (count: number, item: Node): Node[] => Array<Node>(count).fill(item);

/** Two early stages whose confidence says something, not all, about their disagreement. */
export function drawNode(random: Random, classes = 2): Node {
  const hardness = random.next();
  const stage = (k: number) => {
    const confidence = Math.min(0.999, Math.max(0.34, 1 - hardness * (0.9 - 0.3 * k)));
    return { confidence, differs: random.next() < 0.3 * (1 - confidence) ** 0.7 };
  };
  const stages = [stage(0), stage(1)];
  return {
    confidence: stages.map(({ confidence }) => confidence),
    differs: stages.map(({ differs }) => differs),
    class: random.below(classes),
  };
}
