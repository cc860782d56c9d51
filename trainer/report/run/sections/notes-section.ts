// What to know before trusting a model, found by rules: each says what it looks at.
import { classFigures, confusionOf } from '../facts/class-figures.ts';
import { groupBy, MIN_GROUP } from '../facts/groups.ts';
import { shareInterval } from '../facts/interval.ts';
import { reliabilityOf } from '../facts/reliability.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import { sameShare } from '../facts/stage-costs.ts';
import type { RunBlock } from '../run-block.ts';
import type { Say } from '../say.ts';
import { MODEL_WORDS } from './model-words.ts';
import { NOTES_WORDS } from './notes-words.ts';

/** Less often found than missed. */
const RARELY_FOUND = 0.5;
/** Points of accuracy that a reader should hear of. */
const FAR_BELOW_TEACHER = 0.03;
const COSTLY_ROUNDING = 1;
/** As far as a model without temperatures is off in the figures of Guo et al. 2017. */
const UNRELIABLE = 0.1;
/** Names in one sentence. */
const MAX_NAMES = 8;

function aboutClasses({ manifest, truth, models }: RunFacts, say: Say): string[] {
  const w = NOTES_WORDS[say.language];
  const { list, quoted } = MODEL_WORDS[say.language];
  const { classes } = manifest;
  const figures = classFigures(confusionOf(truth, models.cascade.classes, classes.length));
  const named = figures.map((figure, c) => ({ ...figure, name: quoted(classes[c]) }));
  const few = named.filter(({ support }) => support < MIN_GROUP).map(({ name }) => name);
  const rare = named
    .filter(({ recall, told }) => told > 0 && recall !== undefined && recall < RARELY_FOUND)
    .map(({ name, right, support }) => w.rarelyFound(name, say.count(right), say.count(support)));
  const never = named.filter(({ told, support }) => told === 0 && support > 0);
  return [
    ...rare.slice(0, MAX_NAMES),
    ...never.slice(0, MAX_NAMES).map(({ name }) => w.neverTold(name)),
    ...(few.length > 0 ? [w.fewNodes(say, list(few.slice(0, MAX_NAMES)), MIN_GROUP)] : []),
  ];
}

function aboutModels({ models, truth, provenance }: RunFacts, say: Say): string[] {
  const w = NOTES_WORDS[say.language];
  const [own, mlp, teacher] = (['cascade', 'mlp', 'teacher'] as const).map((model) =>
    sameShare(models[model].classes, truth),
  );
  const { ece } = reliabilityOf(truth, models.cascade.classes, models.cascade.confidence);
  const { drop } = provenance.figures.quantised;
  const size = (points: number) => say.points(points).replace(/^[+−]/, '');
  return [
    ...(own <= mlp ? [w.notBetter(say.percent(own), say.percent(mlp))] : []),
    ...(teacher - own > FAR_BELOW_TEACHER ? [w.belowTeacher(size(teacher - own))] : []),
    ...(ece > UNRELIABLE ? [w.unreliable(size(ece))] : []),
    ...(drop > COSTLY_ROUNDING ? [w.quantised(size(drop / 100))] : []),
  ];
}

function aboutPromise({ manifest, grouped }: RunFacts, say: Say): string[] {
  const w = NOTES_WORDS[say.language];
  const { certificate } = manifest.policies.day;
  if (certificate === null) return [w.noCertificate(say)];
  const disagreement = 1 - sameShare(grouped.classes, grouped.fullClasses);
  if (disagreement <= certificate.alpha) return [];
  const { alpha, delta } = certificate;
  return [
    w.broken(say, {
      seen: say.percent(disagreement, 2),
      alpha: say.percent(alpha, 2),
      delta: say.percent(delta, 0),
    }),
  ];
}

function aboutData({ graph, split, grouped, provenance, incidents }: RunFacts, say: Say): string[] {
  const w = NOTES_WORDS[say.language];
  const { list } = MODEL_WORDS[say.language];
  const { places } = graph;
  const mean = sameShare(grouped.classes, grouped.truth);
  const weak = groupBy(grouped, (i) => places?.asset[split.test[i]])
    .filter(
      ({ members, right }) =>
        members.length >= MIN_GROUP && shareInterval(right, members.length)[1] < mean,
    )
    .sort((a, b) => a.accuracy - b.accuracy)
    .slice(0, MAX_NAMES)
    .map(({ key, accuracy }) => `${places?.assets[key]} (${say.percent(accuracy, 0)})`);
  return [
    ...(weak.length > 0 ? [w.weakAssets(list(weak), say.percent(mean))] : []),
    ...(provenance.setting === 'tran' ? [w.seen(say)] : []),
    ...(incidents.kind === 'judged' && incidents.basis === 'all' ? [w.scattered(say)] : []),
  ];
}

export function notesBlock(facts: RunFacts, say: Say): RunBlock {
  const w = NOTES_WORDS[say.language];
  const items = [
    ...aboutPromise(facts, say),
    ...aboutModels(facts, say),
    ...aboutClasses(facts, say),
    ...aboutData(facts, say),
  ];
  return { kind: 'notes', title: w.title, items: items.length > 0 ? items : [w.nothing] };
}
