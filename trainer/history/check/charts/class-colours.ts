// A colour for every class, and a number for those who cannot tell colours apart.

/** Of the report's theme, far from each other first. */
const COLOURS = ['incremental', 'eglnn', 'paper', 'adagmlp', 'glnn', 'additive', 'teacher'];

/** That of the class in which nothing is wrong. */
const CALM = 'mlp';

export interface ClassMark {
  readonly name: string;
  /** CSS class. */
  readonly colour: string;
  /** 1-based, as labels in narrow places show it. */
  readonly number: number;
}

/** Colours begin anew after seven classes; the numbers do not. */
export function markClasses(classes: readonly string[], normal: string): ClassMark[] {
  let next = 0;
  return classes.map((name, index) => ({
    name,
    colour: name === normal ? CALM : COLOURS[next++ % COLOURS.length],
    number: index + 1,
  }));
}
