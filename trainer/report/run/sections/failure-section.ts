// Where the cascade fails: stretches of time, confident mistakes, nodes with few neighbours.
import { heading } from '../../document.ts';
import {
  byNeighbours,
  NEIGHBOUR_STEPS,
  surestMistakes,
  worstStretches,
} from '../facts/failures.ts';
import { MIN_GROUP } from '../facts/groups.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import { cell, type RunBlock, section } from '../run-block.ts';
import type { Say } from '../say.ts';
import { FAILURE_WORDS } from './failure-words.ts';

const MAX_STRETCHES = 6;
const MAX_EXAMPLES = 8;

/** A run without a name is the only one. */
const inRun = (name: string, run: string) => (run === '' ? name : `${name} · ${run}`);

function stretches(facts: RunFacts, say: Say): RunBlock[] {
  const { places } = facts.graph;
  if (places === undefined) return [];
  const w = FAILURE_WORDS[say.language];
  const found = worstStretches(facts, MAX_STRETCHES);
  const title = heading(w.stretches, 3);
  if (found.length === 0) return [title, { kind: 'text', text: w.noStretches }];
  return [
    title,
    {
      kind: 'table',
      caption: w.stretchCaption(say, say.duration(found[0].lengthMs)),
      columns: w.stretchColumns(say),
      rows: found.map(({ asset, run, from, nodes, wrong }) => ({
        name: say.time(from),
        cells: [
          cell(inRun(places.assets[asset], places.runs[run])),
          cell(say.count(wrong)),
          cell(say.count(nodes)),
        ],
      })),
    },
  ];
}

function examples(facts: RunFacts, say: Say): RunBlock[] {
  const w = FAILURE_WORDS[say.language];
  const { places } = facts.graph;
  const { classes } = facts.manifest;
  const found = surestMistakes(facts, MAX_EXAMPLES);
  if (found.length === 0) return [];
  const nameOf = (node: number) => {
    if (places === undefined) return `${w.node} ${node}`;
    const asset = inRun(places.assets[places.asset[node]], places.runs[places.run[node]]);
    return `${asset}, ${say.time(places.time[node])}`;
  };
  return [
    heading(w.examples, 3),
    {
      kind: 'table',
      caption: w.exampleCaption(say),
      columns: w.exampleColumns,
      rows: found.map(({ node, truth, answer, confidence, stage, teacher }) => ({
        name: nameOf(node),
        cells: [
          cell(classes[truth]),
          cell(classes[answer]),
          cell(say.percent(confidence)),
          cell(String(stage)),
          cell(classes[teacher]),
        ],
      })),
    },
  ];
}

function neighbours(facts: RunFacts, say: Say): RunBlock[] {
  const w = FAILURE_WORDS[say.language];
  const groups = byNeighbours(facts);
  if (groups.length < 2) return [];
  return [
    heading(w.neighbours(say), 3),
    {
      kind: 'table',
      caption: w.neighbourCaption(say, MIN_GROUP),
      columns: w.neighbourColumns(say),
      rows: groups.map(({ key, members, accuracy, macsShare }) => {
        const next = NEIGHBOUR_STEPS.at(key + 1);
        return {
          name: w.neighbourRange(NEIGHBOUR_STEPS[key], next === undefined ? undefined : next - 1),
          cells: [
            cell(say.count(members.length)),
            cell(say.percent(accuracy)),
            cell(say.percent(macsShare)),
          ],
        };
      }),
    },
  ];
}

export function failureSection(facts: RunFacts, say: Say): RunBlock[] {
  return [
    section('failures', FAILURE_WORDS[say.language].title),
    ...stretches(facts, say),
    ...examples(facts, say),
    ...neighbours(facts, say),
  ];
}
