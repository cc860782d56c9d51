// What the disk gave back, decoded to one batch; rows that it has damaged are told apart.
import { InputError } from '@dandan/shared/error';
import type { QuantisedRows } from '@dandan/shared/kernel';
import { decodeQuantisedRows } from '@dandan/shared/wire';
import type { WaitingRow } from '../../outputs/outbox/index.ts';
import { concatRows } from './concat-rows.ts';

export interface ReadRows {
  /** Rows of one batch. */
  readonly rows: readonly WaitingRow[];
  /** Their codes; `undefined`: no row can be read. */
  readonly parts: QuantisedRows | undefined;
  readonly damaged: readonly { readonly row: WaitingRow; readonly reason: string }[];
}

export function readRows(taken: readonly WaitingRow[]): ReadRows {
  const parts: QuantisedRows[] = [];
  const damaged: { row: WaitingRow; reason: string }[] = [];
  const rows = taken.filter((row) => {
    try {
      const { rows: part } = decodeQuantisedRows(row.codes);
      // Rows of another width or kind cannot travel with the others of their bundle.
      const [first = part] = parts;
      if (part.kind !== first.kind || part.width !== first.width) {
        damaged.push({ row, reason: 'unreadable: other rows of its bundle differ in shape' });
        return false;
      }
      parts.push(part);
      return true;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      damaged.push({ row, reason: `unreadable: ${error.code}` });
      return false;
    }
  });
  return { rows, parts: parts.length === 0 ? undefined : concatRows(parts), damaged };
}
