// The model card: data, seed, versions, licence, intended use and limits.
import type { Manifest } from '@dandan/shared/bundle';
import { rowWidth } from '@dandan/shared/features';
import * as z from 'zod';
import type { RunFacts } from '../facts/run-facts.ts';
import { type RunBlock, section } from '../run-block.ts';
import type { Say } from '../say.ts';
import { CARD_WORDS } from './card-words.ts';
import { MODEL_WORDS } from './model-words.ts';

/** Provenance is for people: what older programs did not write is told as unknown. */
const toldSchema = z.object({
  codeVersion: z.string().optional().catch(undefined),
  options: z
    .object({
      teacher: z.string().optional().catch(undefined),
      widths: z.array(z.number()).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
});

function inputText({ features }: Manifest, say: Say): string {
  const w = CARD_WORDS[say.language];
  const { list } = MODEL_WORDS[say.language];
  const columns = say.count(rowWidth(features));
  if (features.kind === 'table') return w.table(columns);
  const window =
    'windowMs' in features
      ? say.duration(features.windowMs)
      : w.samples(say.count(features.windowSamples));
  const channels = features.channels.map(({ name, unit }) =>
    unit === '' ? name : `${name} (${unit})`,
  );
  return w.telemetry({ channels: list(channels), columns, window });
}

export function cardSection(facts: RunFacts, say: Say): RunBlock[] {
  const w = CARD_WORDS[say.language];
  const { list, quoted } = MODEL_WORDS[say.language];
  const { manifest, provenance, graph, split } = facts;
  const { model, version, created, classes, stages, structure, schema } = manifest;
  const told = toldSchema.parse(manifest.provenance);
  const { widths, teacher } = told.options ?? {};
  const { names } = w;
  const count = (nodes: Int32Array) => say.count(nodes.length);
  return [
    section('card', w.title),
    {
      kind: 'facts',
      facts: [
        [names.model, w.model({ model, version, created, classes: list(classes.map(quoted)) })],
        [names.use, w.use(say)],
        [names.notFor, w.notFor],
        [names.limits, w.limits(say)],
        [names.care, w.care],
        [
          names.data,
          w.data(say, {
            name: graph.name,
            nodes: say.count(graph.adjacency.nodeCount),
            // Each edge stands in two rows.
            edges: say.count(graph.adjacency.indices.length / 2),
            sha256: graph.sha256,
          }),
        ],
        [
          names.sets,
          w.sets(say, {
            train: count(split.train),
            validation: count(split.validation),
            calibration: count(split.unlabelled),
            test: count(split.test),
          }),
        ],
        [
          names.split,
          w.split({
            split: provenance.split,
            setting: provenance.setting,
            seed: String(provenance.seed),
          }),
        ],
        [names.features, inputText(manifest, say)],
        [
          names.training,
          w.training({
            teacher: teacher ?? w.unknown,
            structure,
            widths: widths?.join(', ') ?? w.unknown,
            drop: provenance.figures.quantised.drop.toFixed(2),
          }),
        ],
        [
          names.bundle,
          w.bundle({
            sha256: facts.sha256,
            bytes: say.count(facts.bytes),
            stages: String(stages.length),
          }),
        ],
        [names.code, w.code(told.codeVersion ?? w.unknown, schema)],
        [names.licence, facts.licence ?? w.noLicence],
      ],
    },
  ];
}
