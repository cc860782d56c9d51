// The document of one model and channel, changed by one event after the other, and on the disk
// before it is believed.
import type { UpdateDocument } from './document.ts';
import type { UpdateEvent } from './events.ts';
import { reduce } from './reduce.ts';
import type { StateFiles } from './state-files.ts';

export interface Memory {
  readonly document: UpdateDocument;
  /** @throws what the disk does; the document is then as it was. */
  apply(event: UpdateEvent): Promise<void>;
}

export function createMemory(options: {
  readonly document: UpdateDocument;
  readonly state: StateFiles;
  readonly onChange: (event: UpdateEvent, before: UpdateDocument, after: UpdateDocument) => void;
}): Memory {
  const { state, onChange } = options;
  let { document } = options;
  let turn: Promise<unknown> = Promise.resolve();

  async function change(event: UpdateEvent): Promise<void> {
    const before = document;
    const after = reduce(before, event);
    // A statement that is read again every few minutes wears no flash.
    if (after === before || JSON.stringify(after) === JSON.stringify(before)) return;
    await state.save(after);
    document = after;
    onChange(event, before, after);
  }

  return {
    get document() {
      return document;
    },
    apply(event) {
      const own = turn.then(() => change(event));
      turn = own.catch(() => {});
      return own;
    },
  };
}
