// The first page: what the model does, six figures to remember, and what it finds.
import { classFigures, confusionOf } from '../facts/class-figures.ts';
import { incidentNumbers, normalDays } from '../facts/incident-numbers.ts';
import { shareInterval } from '../facts/interval.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import { meanOf, sameShare, spentShare } from '../facts/stage-costs.ts';
import { cell, type RunBlock, section, type Tile } from '../run-block.ts';
import type { Say } from '../say.ts';
import { MODEL_WORDS } from './model-words.ts';
import { SUMMARY_WORDS } from './summary-words.ts';

/** Of one asset; a rate a day from less than a day is a guess. */
const LEAST_NORMAL_DAYS = 1;

function incidentTiles({ incidents }: RunFacts, say: Say): Tile[] {
  if (incidents.kind !== 'judged') return [];
  const { noticed, falseAlarms, withSeen } = SUMMARY_WORDS[say.language];
  const seenToo = (note: string) => (incidents.basis === 'all' ? withSeen(note) : note);
  const { judged, seen, medianMs, falsePerDay } = incidentNumbers(incidents, incidents.judgement);
  const tiles: Tile[] = [];
  if (judged > 0) {
    let note = noticed.never;
    if (medianMs !== undefined) {
      const told = say.duration(Math.abs(medianMs));
      note = medianMs < 0 ? noticed.before(told) : noticed.note(told);
    }
    tiles.push({ value: noticed.of(seen, judged), name: noticed.name, note: seenToo(note) });
  }
  if (falsePerDay !== undefined && normalDays(incidents.judgement) >= LEAST_NORMAL_DAYS) {
    tiles.push({
      value: falsePerDay.toFixed(1),
      name: falseAlarms.name,
      note: seenToo(
        falseAlarms.note(incidents.assets, (falsePerDay / incidents.assets).toFixed(1)),
      ),
    });
  }
  return tiles;
}

function tiles(facts: RunFacts, say: Say): Tile[] {
  const w = SUMMARY_WORDS[say.language];
  const { truth, models, day, manifest } = facts;
  const accuracy = (model: keyof typeof models) => sameShare(models[model].classes, truth);
  const own = accuracy('cascade');
  const right = Math.round(own * truth.length);
  const [low, high] = shareInterval(right, truth.length);
  const { certificate } = manifest.policies.day;
  return [
    {
      value: say.percent(own),
      name: w.accuracy.name,
      note: w.accuracy.note(`${say.percent(low)} – ${say.percent(high)}`),
    },
    {
      value: say.points(own - accuracy('mlp')),
      name: w.gain.name,
      note: w.gain.note(say.percent(accuracy('mlp')), say.percent(accuracy('teacher'))),
    },
    {
      value: say.percent(1 - spentShare(facts, day.macs), 0),
      name: w.saved.name,
      note: w.saved.note(say),
    },
    {
      value: say.percent(meanOf(day.stage.map((stage) => Number(stage === 1))), 0),
      name: w.first.name,
      note: w.first.note(say),
    },
    certificate === null
      ? { value: w.promise.none, name: w.promise.name, note: w.promise.noneNote }
      : {
          value: `≤ ${say.percent(certificate.alpha, certificate.alpha < 0.01 ? 2 : 0)}`,
          name: w.promise.name,
          note: w.promise.note(say, say.percent(1 - certificate.delta, 0)),
        },
    ...incidentTiles(facts, say),
  ];
}

function intro({ graph, split, manifest }: RunFacts, say: Say): RunBlock[] {
  const w = SUMMARY_WORDS[say.language];
  const { list, quoted } = MODEL_WORDS[say.language];
  const { places } = graph;
  const times = places ? Array.from(split.test, (node) => places.time[node]) : [];
  const edge = (better: (a: number, b: number) => number) => times.reduce((a, b) => better(a, b));
  return [
    {
      kind: 'text',
      text: w.purpose(say, {
        classes: list(manifest.classes.map(quoted)),
        stages: manifest.stages.length,
      }),
    },
    {
      kind: 'text',
      text: w.measured(say, {
        nodes: split.test.length,
        assets: places ? new Set(Array.from(split.test, (node) => places.asset[node])).size : 0,
        ...(times.length > 0 && { from: edge(Math.min), to: edge(Math.max) }),
      }),
    },
  ];
}

const ofHundred = (share: number | undefined) =>
  share === undefined ? '—' : (100 * share).toFixed(0);

/** @param notes what to know before trusting the model; they stand on the first page too. */
export function summarySection(facts: RunFacts, say: Say, notes: RunBlock): RunBlock[] {
  const w = SUMMARY_WORDS[say.language];
  const { manifest, truth, models } = facts;
  const { classes } = manifest;
  const figures = classFigures(confusionOf(truth, models.cascade.classes, classes.length));
  return [
    ...intro(facts, say),
    { kind: 'tiles', tiles: tiles(facts, say) },
    section('finds', w.finds),
    { kind: 'text', text: w.findsText(say) },
    {
      kind: 'table',
      caption: w.findsCaption(say),
      columns: w.columns(say),
      rows: classes.map((name, c) => ({
        name,
        cells: [
          cell(ofHundred(figures[c].recall)),
          cell(ofHundred(figures[c].precision)),
          cell(say.count(figures[c].support)),
        ],
      })),
    },
    notes,
    { kind: 'section', id: 'engineers', title: w.engineers, opens: 'part' },
    { kind: 'text', text: w.engineersText },
  ];
}
