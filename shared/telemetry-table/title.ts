// Titles of columns and names of tags, as the channels and units that they mean.
import { findUnits } from '../features/unit-table.ts';
import { CHANNEL_NAME } from './layout.ts';

const BRACKETS = /^(.*?)\s*\[([^[\]]{0,32})\]$/;
const PARENTHESES = /^(.*?)\s*\(([^()]{1,32})\)$/;

/** Signs that a unit has and a remark has not: %, °, /, ² and ³. */
const UNIT_SIGN = /[%\u00b0/\u00b2\u00b3]/;

export interface TitleParts {
  readonly name: string;
  /** `undefined` where the title does not state one. */
  readonly unit: string | undefined;
}

/** Whether a text is a unit of measurement that is known, or looks like one. */
export function looksLikeUnit(text: string): boolean {
  return findUnits(text).length > 0 || (UNIT_SIGN.test(text) && !/\d{2}/.test(text));
}

/** `Temp [°C]` and `Temp (°C)` state a unit; `Temp (inlet)` has a longer name. */
export function splitTitle(title: string): TitleParts {
  const text = title.trim();
  const brackets = BRACKETS.exec(text);
  if (brackets !== null && brackets[1] !== '') {
    const unit = brackets[2].trim();
    return { name: brackets[1], unit: unit === '-' ? '' : unit };
  }
  const parentheses = PARENTHESES.exec(text);
  if (parentheses !== null && parentheses[1] !== '' && looksLikeUnit(parentheses[2].trim())) {
    return { name: parentheses[1], unit: parentheses[2].trim() };
  }
  return { name: text, unit: undefined };
}

/**
 * A name as channels have it: accents and full width are undone, everything else that topics and
 * bundles do not take becomes `_`.
 *
 * @returns `undefined` where nothing is left of it, as of a title in Japanese.
 */
export function plainName(text: string): string | undefined {
  if (CHANNEL_NAME.test(text)) return text;
  const name = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^A-Za-z0-9_.-]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return CHANNEL_NAME.test(name) ? name : undefined;
}
