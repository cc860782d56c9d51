// A choice among few, with its name above it.
import { h } from '../dom.ts';

export type Options<T extends string> = readonly (readonly [value: T, words: string])[];

export interface SelectOptions<T extends string> {
  readonly label: string;
  readonly options: Options<T>;
  readonly value: T;
  choose(value: T): void;
}

function element<T extends string>(given: SelectOptions<T>, label?: string): HTMLElement {
  const { options, value, choose } = given;
  return h(
    'select',
    {
      'aria-label': label,
      // Its options are all there are.
      onchange: ({ target }) => choose((target as HTMLSelectElement).value as T),
    },
    options.map(([name, words]) => h('option', { value: name, selected: name === value }, words)),
  );
}

export const select = <T extends string>(given: SelectOptions<T>): HTMLElement =>
  h('label', {}, given.label, element(given));

/** Where there is no room above it: the name is for screen readers. */
export const bareSelect = <T extends string>(given: SelectOptions<T>): HTMLElement =>
  element(given, given.label);
