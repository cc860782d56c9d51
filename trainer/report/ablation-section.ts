// Figure 5: what leaving PTS, PKD or PMA out costs.
import { ABLATIONS } from '../reproduce/variants.ts';
import { changeBlocks } from './change-blocks.ts';
import type { Results } from './collect.ts';
import { type Block, heading, text } from './document.ts';

const [ALL_ON, ...WITHOUT] = ABLATIONS.map(({ name }) => name);

export function ablationSection(results: Results): Block[] {
  return [
    heading('Ablation'),
    text(
      'PTS: students trained one after the other, each reading and starting from its predecessor; without it they are independent, with the same widths and losses. PKD: distillation; without it α = 1, the labels alone. PMA: progressive mixup. The paper reports that leaving PTS out costs about 4 points on CS.',
    ),
    ...changeBlocks(results, {
      id: 'ablation',
      base: ALL_ON,
      others: [
        { name: WITHOUT[0], class: 'eglnn', marker: 'triangle' },
        { name: WITHOUT[1], class: 'incremental', marker: 'circle' },
        { name: WITHOUT[2], class: 'paper', marker: 'ring' },
      ],
      measures: ['accuracy'],
      when: 'when a component is left out',
    }),
  ];
}
