// The parameters of a trial in one line, as flags of `dandan train`.
import type { Parameters } from '../../tune/space.ts';

const flagOf = (name: string) =>
  `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** `--learning-rate 0.01 --hidden 64`; the trial without parameters is the run without tuning. */
export function parametersText(parameters: Parameters): string {
  const entries = Object.entries(parameters);
  if (entries.length === 0) return 'as without tuning';
  return entries.map(([name, value]) => `${flagOf(name)} ${value}`).join(' ');
}
