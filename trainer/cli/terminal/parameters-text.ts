// The parameters of a trial in one line, as flags of `dandan train`.
import type { Parameters } from '../../tune/space.ts';

const flagOf = (name: string) =>
  `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** `--learning-rate 0.01 --hidden 64`. */
export function parametersText(parameters: Parameters): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${flagOf(name)} ${value}`)
    .join(' ');
}
