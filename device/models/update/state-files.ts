// Where the documents of updates lie: two files a model and channel, written in turns, so that one
// that is damaged leaves the one before; and one small file of the highest releases, which may lie
// elsewhere and outlives the rest.
import { dirname, join } from 'node:path';
import { sha256Hex } from '@dandan/shared/bundle';
import * as z from 'zod';
import { type Files, UNFINISHED, writeAtomic } from '../bundle-store/index.ts';
import { emptyDocument, type Mark, markSchema, type UpdateDocument } from './document.ts';
import { readDocument } from './migrate.ts';

/** A document holds up to four envelopes of 3 kB and 16 reasons. */
const MAX_STATE_BYTES = 256 * 1024;

const SLOTS = ['a', 'b'] as const;

const NAME = /^([a-z0-9-]+)\.([a-z0-9-]+)\.([ab])\.json$/;

const marksSchema = z.object({ schema: z.literal(1), marks: z.record(z.string(), markSchema) });

export interface StateKey {
  readonly model: string;
  readonly channel: string;
}

export interface StateFilesOptions {
  readonly folder: string;
  readonly files: Files;
  /** File of the highest releases. @default {highest.json in `folder`} */
  readonly marksFile?: string | undefined;
}

export interface LoadedState {
  readonly document: UpdateDocument;
  /** What was wrong with a file, for the log. */
  readonly problems: readonly string[];
}

export interface StateFiles {
  prepare(): Promise<void>;
  /** What is remembered; an empty document where nothing is, or nothing can be read. */
  load(key: StateKey): Promise<LoadedState>;
  /** Replaces what is remembered, in one step. The highest release is written first. */
  save(document: UpdateDocument): Promise<void>;
  /** Models and channels that anything is remembered of. */
  keys(): Promise<readonly StateKey[]>;
}

interface Slot {
  readonly sequence: number;
  readonly document: unknown;
}

const encoder = new TextEncoder();

/** `content` with its hash, as text that a person can read too. */
async function seal(content: unknown): Promise<Uint8Array> {
  const sha256 = await sha256Hex(encoder.encode(JSON.stringify(content)));
  return encoder.encode(`${JSON.stringify({ sha256, content })}\n`);
}

/** The content of sealed bytes; `undefined` where a bit of it changed. */
async function unseal(bytes: Uint8Array): Promise<unknown> {
  try {
    const { sha256, content } = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    const actual = await sha256Hex(encoder.encode(JSON.stringify(content)));
    return actual === sha256 ? content : undefined;
  } catch {
    return undefined;
  }
}

export function createStateFiles(options: StateFilesOptions): StateFiles {
  const { folder, files, marksFile = join(options.folder, 'highest.json') } = options;
  const slotFile = ({ model, channel }: StateKey, slot: string) =>
    join(folder, `${model}.${channel}.${slot}.json`);
  const sequences = new Map<string, number>();

  async function readMarks(): Promise<Record<string, Mark>> {
    const bytes = await files.read(marksFile, MAX_STATE_BYTES);
    const result = marksSchema.safeParse(bytes && (await unseal(bytes)));
    return result.success ? result.data.marks : {};
  }

  async function readSlot(path: string): Promise<Slot | 'missing' | 'damaged'> {
    const bytes = await files.read(path, MAX_STATE_BYTES);
    if (bytes === undefined) return 'missing';
    const content = (await unseal(bytes)) as Slot | undefined;
    return Number.isSafeInteger(content?.sequence) ? (content as Slot) : 'damaged';
  }

  async function saveMark({ model, channel, highest }: UpdateDocument): Promise<void> {
    if (highest === null) return;
    const name = `${model}/${channel}`;
    const marks = await readMarks();
    const known = marks[name];
    if (known?.release === highest.release && known.statement === highest.statement) return;
    await files.makeFolder(dirname(marksFile));
    await writeAtomic(
      files,
      marksFile,
      await seal({ schema: 1, marks: { ...marks, [name]: highest } }),
    );
  }

  return {
    async prepare() {
      await files.makeFolder(folder);
      for (const { name } of await files.list(folder)) {
        if (name.endsWith(UNFINISHED)) await files.remove(join(folder, name));
      }
    },
    async load(key) {
      const { model, channel } = key;
      const name = `${model}/${channel}`;
      const problems: string[] = [];
      let best: { sequence: number; document: UpdateDocument } | undefined;
      let last = 0;
      for (const slot of SLOTS) {
        const path = slotFile(key, slot);
        const read = await readSlot(path);
        if (read === 'missing') continue;
        if (read === 'damaged') {
          problems.push(`${path} is damaged`);
          continue;
        }
        last = Math.max(last, read.sequence);
        const result = readDocument(read.document);
        if (result.kind === 'newer') {
          // Kept for the program that wrote it.
          await files.rename(path, `${path}.schema-${result.schema}`);
          await files.syncFolder(folder);
        }
        if (result.kind !== 'document') problems.push(`${path} cannot be read: ${result.kind}`);
        else if (read.sequence > (best?.sequence ?? -1)) {
          best = { sequence: read.sequence, document: result.document };
        }
      }
      sequences.set(name, last);
      const document = best?.document ?? emptyDocument(model, channel);
      const mark = (await readMarks())[name];
      const behind = mark !== undefined && mark.release > (document.highest?.release ?? 0);
      return { document: behind ? { ...document, highest: mark } : document, problems };
    },
    async save(document) {
      await saveMark(document);
      const name = `${document.model}/${document.channel}`;
      const sequence = (sequences.get(name) ?? 0) + 1;
      const path = slotFile(document, SLOTS[sequence % 2]);
      await writeAtomic(files, path, await seal({ sequence, document }));
      sequences.set(name, sequence);
    },
    async keys() {
      const found = (await files.list(folder)).flatMap(({ name }) => {
        const [, model, channel] = NAME.exec(name) ?? [];
        return model === undefined ? [] : [{ model, channel }];
      });
      return [...new Map(found.map((key) => [`${key.model}/${key.channel}`, key])).values()];
    },
  };
}
