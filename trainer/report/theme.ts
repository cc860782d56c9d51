// Colours and lines of all charts: told apart without colour vision by marker and dash,
// in light, dark and print.

export type Marker = 'circle' | 'ring' | 'square' | 'triangle' | 'diamond' | 'cross';

export interface SeriesStyle {
  /** Name in legends and tables. */
  readonly name: string;
  /** CSS class; its colour is in `THEME_CSS`. */
  readonly class: string;
  readonly marker: Marker;
  readonly dash?: string;
}

/** Hues after Okabe & Ito (2008), darkened to 4.5:1 on white and lightened on black. */
const COLOURS: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  teacher: ['#3b3f46', '#c9ced6'],
  mlp: ['#6b7280', '#9aa3af'],
  glnn: ['#946000', '#e9b04a'],
  eglnn: ['#0067a5', '#62b8ee'],
  adagmlp: ['#8b4583', '#d993cb'],
  paper: ['#00735a', '#38c9a0'],
  incremental: ['#c24a00', '#ff8f57'],
  additive: ['#a3223f', '#ff7a93'],
};

const colourRules = (index: 0 | 1) =>
  Object.entries(COLOURS)
    .map(([name, pair]) => `--${name}:${pair[index]}`)
    .join(';');

const PAPER = {
  light: '--paper-colour:#ffffff;--ink:#1c1f24;--soft:#5b626d;--grid:#e4e7eb;--heat:#0067a5',
  dark: '--paper-colour:#14171c;--ink:#e8eaee;--soft:#a3abb7;--grid:#2b313a;--heat:#62b8ee',
};

/** Style of charts; HTML pages use its variables too. */
export const THEME_CSS = [
  `:root{${PAPER.light};${colourRules(0)}}`,
  `@media (prefers-color-scheme:dark){:root{${PAPER.dark};${colourRules(1)}}}`,
  `@media print{:root{${PAPER.light};${colourRules(0)}}}`,
  ".chart{font:12px system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;fill:var(--ink);font-variant-numeric:tabular-nums}",
  '.chart .paper{fill:var(--paper-colour)}',
  '.chart .grid{stroke:var(--grid);stroke-width:1}',
  '.chart .axis{stroke:var(--soft);stroke-width:1}',
  '.chart .soft{fill:var(--soft)}',
  '.chart .heading{font-weight:600;font-size:13px}',
  '.chart .line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}',
  '.chart .whisker{fill:none;stroke-width:1.25;opacity:.75}',
  '.chart .mark{stroke-width:1.75}',
  '.chart .band{stroke:none;opacity:.14}',
  ...Object.keys(COLOURS).map(
    (name) => `.chart .${name}{stroke:var(--${name})}.chart .fill.${name}{fill:var(--${name})}`,
  ),
  '.chart .hollow{fill:var(--paper-colour)}',
  '.chart .bar{stroke:none}',
  '.chart .heat{fill:var(--heat);stroke:none}',
  '.chart .on-heat{fill:var(--paper-colour)}',
  '.chart .gap{fill:var(--grid);stroke:none}',
].join('');

/** Style of a method, by its name in results. */
export const METHOD_STYLES: Readonly<Record<string, SeriesStyle>> = {
  teacher: { name: 'Teacher', class: 'teacher', marker: 'square', dash: '5 4' },
  mlp: { name: 'Plain MLP', class: 'mlp', marker: 'cross', dash: '1 4' },
  glnn: { name: 'GLNN', class: 'glnn', marker: 'square', dash: '6 3' },
  'e-glnn': { name: 'E-GLNN', class: 'eglnn', marker: 'triangle', dash: '2 3' },
  adagmlp: { name: 'AdaGMLP', class: 'adagmlp', marker: 'diamond', dash: '8 3 2 3' },
  'progmlp-paper': { name: 'ProGMLP (paper)', class: 'paper', marker: 'ring' },
  'progmlp-incremental': { name: 'ProGMLP (incremental)', class: 'incremental', marker: 'circle' },
  'progmlp-additive': {
    name: 'ProGMLP (additive)',
    class: 'additive',
    marker: 'circle',
    dash: '6 2',
  },
};

/** Names of teachers as their papers write them. */
export const TEACHER_NAMES: Readonly<Record<string, string>> = {
  gcn: 'GCN',
  gat: 'GAT',
  sage: 'GraphSAGE',
  ensemble: 'Ensemble',
};

export const SETTING_NAMES: Readonly<Record<string, string>> = {
  tran: 'transductive',
  ind: 'inductive',
};
