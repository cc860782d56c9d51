// Whether and on which windows incidents can be judged: alarms need times, a class that means that
// nothing is wrong, and windows that follow one another.
import {
  type AlarmJudgement,
  judgeAlarms,
  normalClass,
  unbrokenShare,
  usualStep,
  type Watch,
  type WindowRates,
  watchesOf,
  windowRates,
} from '../../../evaluate/incidents/index.ts';
import type { GraphData } from '../../../graph/graph-data.ts';
import type { Compared } from '../../../run/answers/test-answers.ts';

export interface JudgedIncidents {
  readonly kind: 'judged';
  /** Position of the class in which nothing is wrong. */
  readonly normal: number;
  /**
   * `test`: test windows follow one another. `all`: they lie scattered among windows that the model
   * was trained or tuned on, so that all windows are judged.
   */
  readonly basis: 'test' | 'all';
  /** Of all windows judged, those that are no test windows, 0..1. */
  readonly seenShare: number;
  readonly watches: readonly Watch[];
  readonly judgement: AlarmJudgement;
  /** Of the test windows alone, whatever the basis. */
  readonly rates: WindowRates;
  /** The same judgement of the models beside it; only on `test`, others were not kept. */
  readonly compared: Readonly<Record<Compared, AlarmJudgement>> | undefined;
  /** Assets that were watched. */
  readonly assets: number;
  readonly stepMs: number;
}

export type IncidentFacts =
  | { readonly kind: 'no-times' }
  | { readonly kind: 'no-normal' }
  | JudgedIncidents;

export interface IncidentOptions {
  readonly graph: GraphData;
  /** Test nodes. */
  readonly nodes: Int32Array;
  readonly answers: Int32Array;
  readonly compared: Readonly<Record<Compared, { readonly classes: Int32Array }>>;
  /** Class per node of the graph; called where test windows lie scattered. */
  answerAll(): Int32Array;
  /** Name of the class in which nothing is wrong. @default {the plant's, else found by its name} */
  readonly normal?: string | undefined;
}

/** With fewer windows followed by another, an incident is mostly gaps. */
const UNBROKEN = 0.9;

/** @throws {InputError} `option-invalid` where no class has the name `normal`. */
export function incidentFacts(options: IncidentOptions): IncidentFacts {
  const { graph, nodes, answers } = options;
  const { places, labels, classes } = graph;
  const normal = normalClass(classes, options.normal ?? places?.normal);
  if (places === undefined) return { kind: 'no-times' };
  if (normal === undefined) return { kind: 'no-normal' };
  const basis = unbrokenShare(places, nodes) >= UNBROKEN ? 'test' : 'all';
  const stepMs = usualStep(places);
  const judge = (judged: Int32Array, told: Int32Array) => {
    const watches = watchesOf({ places, labels, nodes: judged, answers: told });
    return { watches, judgement: judgeAlarms({ watches, normal, stepMs }) };
  };
  const every = Int32Array.from(labels.keys());
  const own = basis === 'test' ? judge(nodes, answers) : judge(every, options.answerAll());
  const compare = (method: Compared) => judge(nodes, options.compared[method].classes).judgement;
  return {
    kind: 'judged',
    normal,
    basis,
    seenShare: basis === 'test' ? 0 : 1 - nodes.length / Math.max(1, every.length),
    ...own,
    rates: windowRates(
      nodes.map((node) => labels[node]),
      answers,
      normal,
    ),
    compared:
      basis === 'test'
        ? { teacher: compare('teacher'), mlp: compare('mlp'), glnn: compare('glnn') }
        : undefined,
    assets: new Set(own.watches.map(({ asset }) => asset)).size,
    stepMs,
  };
}
