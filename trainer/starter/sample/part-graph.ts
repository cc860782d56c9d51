// The example of a graph folder: parts of a workshop, which steps each went through, which parts
// passed the same machine, and what was found at inspection.
import { createRandom } from '@dandan/shared/random';

export const PART_CLASSES = ['good', 'scratch', 'crack', 'porosity'] as const;

/** Enough for a random split of 20 and 30 labels a class and a certificate beside it. */
const PARTS_PER_CLASS = 300;

/** Steps of work; a quarter of them are where a class comes from. */
const STEPS = 48;

/** Parts that a part shared a machine with. */
const NEIGHBOURS = 4;

/** Of them of the same class: what goes wrong goes wrong for some time. */
const SAME_SHARE = 0.7;

/** How often a part went through a step of its class, and through any other. */
const STEP_SHARE = { own: 0.3, other: 0.1 };

/** Labels that inspection has given; the others are empty. */
const LABELLED_SHARE = 0.5;

const SEED = 11;

/** The tables of a graph folder. The same text in every engine. */
export function partGraph(): { edges: string; labels: string; features: string } {
  const random = createRandom(SEED).fork('parts');
  const classes = PART_CLASSES.length;
  const count = classes * PARTS_PER_CLASS;
  const classOf = Array.from({ length: count }, (_, part) => part % classes);
  random.shuffle(classOf);
  const members = PART_CLASSES.map((_, index) =>
    classOf.flatMap((own, part) => (own === index ? [part] : [])),
  );
  const edges: string[] = [];
  const labels: string[] = [];
  const features: string[] = [];
  for (let part = 0; part < count; part++) {
    const own = classOf[part];
    const steps = Array.from({ length: STEPS }, (_, step) => step).filter(
      (step) => random.next() < (step % classes === own ? STEP_SHARE.own : STEP_SHARE.other),
    );
    features.push(`${part},${steps.join(' ')}`);
    labels.push(`${part},${random.next() < LABELLED_SHARE ? PART_CLASSES[own] : ''}`);
    for (let k = 0; k < NEIGHBOURS; k++) {
      const alike = random.next() < SAME_SHARE;
      const other = alike ? members[own][random.below(PARTS_PER_CLASS)] : random.below(count);
      if (other !== part) edges.push(`${part},${other}`);
    }
  }
  const table = (title: string, lines: readonly string[]) => `${title}\n${lines.join('\n')}\n`;
  return {
    edges: table('src,dst', edges),
    labels: table('node,label', labels),
    features: table('node,features', features),
  };
}
