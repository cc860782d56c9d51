import { sha256Hex } from '@dandan/shared/bundle';
import { describeBundle } from '@dandan/shared/release';
import { expect, test } from 'vitest';
import { createFragileFiles } from '../bundle-store/testing/fragile-files.ts';
import {
  DOCUMENT_SCHEMA,
  emptyDocument,
  type SignedBundle,
  type UpdateDocument,
} from './document.ts';
import { readDocument } from './migrate.ts';
import { createStateFiles } from './state-files.ts';
import { signRelease, VERSIONS } from './testing/releases.ts';

const KEY = { model: 'press', channel: 'stable' };
const [one] = VERSIONS;
const running: SignedBundle = {
  release: 4,
  bundle: await describeBundle(one.bytes),
  role: 'bundle',
  envelope: await signRelease({ release: 4, bundle: one }),
};
const document: UpdateDocument = {
  ...emptyDocument('press', 'stable'),
  highest: { release: 4, statement: 'a'.repeat(64) },
  running,
};

function create() {
  const files = createFragileFiles();
  const state = createStateFiles({ folder: '/state', files, marksFile: '/keys/highest.json' });
  return {
    files,
    state,
    again: () => createStateFiles({ folder: '/state', files, marksFile: '/keys/highest.json' }),
  };
}

/** As the state files write it. */
async function sealed(content: unknown): Promise<Uint8Array> {
  const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  return encode({ sha256: await sha256Hex(encode(content)), content });
}

test('a document is read as it was written, by another program start too', async () => {
  const { state, again } = create();
  expect(await state.load(KEY)).toEqual({
    document: emptyDocument('press', 'stable'),
    problems: [],
  });
  await state.save(document);
  expect((await again().load(KEY)).document).toEqual(document);
  expect(await again().keys()).toEqual([KEY]);
});

test('every bit of a state file that changes is seen, and the state before is taken', async () => {
  const { files, state, again } = create();
  await state.load(KEY);
  await state.save(document);
  await state.save({ ...document, rows: 7 });
  const newest = '/state/press.stable.a.json';
  const { byteLength } = (await files.read(newest, 1e6)) as Uint8Array;
  for (let at = 0; at < byteLength; at += 13) {
    const damaged = files.clone();
    damaged.damage(newest, (bytes) => {
      bytes[at] ^= 1;
      return bytes;
    });
    const loaded = await createStateFiles({ folder: '/state', files: damaged }).load(KEY);
    expect(loaded.document, `byte ${at}`).toEqual(document);
    expect(loaded.problems, `byte ${at}`).toHaveLength(1);
  }
  files.damage(newest, () => new Uint8Array());
  files.damage('/state/press.stable.b.json', (bytes) => bytes.subarray(0, 50));
  const { document: nothing, problems } = await again().load(KEY);
  // The highest release is remembered elsewhere.
  expect(nothing).toEqual({ ...emptyDocument('press', 'stable'), highest: document.highest });
  expect(problems).toHaveLength(2);
});

test('a state of an older schema is migrated', async () => {
  const { files, state } = create();
  const older = {
    schema: 1,
    model: 'press',
    channel: 'stable',
    highest: 4,
    running: { release: 4, bundle: running.bundle, envelope: running.envelope },
    lastGood: null,
    phase: { kind: 'downloading', anything: true },
    rejected: [{ release: 3, bundle: 'b'.repeat(64) }],
  };
  await files.write('/state/press.stable.a.json', await sealed({ sequence: 3, document: older }));
  const { document: read, problems } = await state.load(KEY);
  expect(problems).toEqual([]);
  expect(read).toMatchObject({
    schema: DOCUMENT_SCHEMA,
    highest: { release: 4, statement: null },
    running,
    phase: { kind: 'init' },
    rejected: [{ release: 3, reason: 'given up by an older program' }],
  });
  await state.save(read);
  expect((await state.load(KEY)).document).toEqual(read);
});

test('a state of a newer schema is kept for the program that wrote it', async () => {
  const { files, state, again } = create();
  await state.load(KEY);
  await state.save(document);
  const newer = { schema: 99, model: 'press', channel: 'stable', secrets: 'of the future' };
  await files.write('/state/press.stable.a.json', await sealed({ sequence: 9, document: newer }));
  const loaded = await again().load(KEY);
  expect(loaded.document.running).toEqual(running);
  expect(loaded.problems).toEqual([expect.stringContaining('newer')]);
  expect(files.paths()).toContain('/state/press.stable.a.json.schema-99');
});

test('readDocument() calls damaged what no program wrote', () => {
  for (const json of [null, 5, [], {}, { schema: '2' }, { schema: 0 }, { schema: 2 }]) {
    expect(readDocument(json)).toEqual({ kind: 'damaged' });
  }
});

test('the highest release of one model is kept beside that of another', async () => {
  const { state, again } = create();
  await state.save(document);
  await state.save({ ...document, model: 'lathe', highest: { release: 9, statement: null } });
  await state.save(document);
  expect((await again().load({ ...KEY, model: 'lathe' })).document.highest?.release).toBe(9);
  expect((await again().load(KEY)).document.highest?.release).toBe(4);
});
