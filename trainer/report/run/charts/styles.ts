// Colours of a run's report: the cascade is the blue of no method of the tables, since it may be of
// any structure.
import { METHOD_STYLES, type SeriesStyle } from '../../theme.ts';
import type { Model } from '../facts/run-facts.ts';

type Look = Omit<SeriesStyle, 'name'>;

export const MODEL_LOOKS: Readonly<Record<Model, Look>> = {
  cascade: { class: 'eglnn', marker: 'circle' },
  teacher: METHOD_STYLES.teacher,
  mlp: METHOD_STYLES.mlp,
  glnn: METHOD_STYLES.glnn,
};
