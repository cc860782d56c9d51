// What students gain that read more than their own x: neighbours' features, positions.
import { DEFAULT_VARIANT, INPUTS } from '../reproduce/variants.ts';
import { changeBlocks } from './change-blocks.ts';
import type { Results } from './collect.ts';
import { type Block, heading, text } from './document.ts';

const [ONE_HOP, TWO_HOPS, POSITIONS] = INPUTS.map(({ name }) => name);

export function inputsSection(results: Results): Block[] {
  return [
    heading('Inputs'),
    text(
      "Propagation R: students read the mean of the features over R hops of the graph instead of their own x, so whoever asks must know the neighbours' features. Positions D: they also read D coordinates of the node's place in the graph. Held-out nodes read the whole graph when they are asked, training does not see their edges. Other tables have neither; choices are to be made by the validation accuracy.",
    ),
    ...changeBlocks(results, {
      id: 'inputs',
      base: DEFAULT_VARIANT.name,
      others: [
        { name: ONE_HOP, class: 'eglnn', marker: 'triangle' },
        { name: TWO_HOPS, class: 'incremental', marker: 'circle' },
        { name: POSITIONS, class: 'paper', marker: 'ring' },
      ],
      measures: ['validation', 'accuracy'],
      when: 'when students read more',
    }),
  ];
}
