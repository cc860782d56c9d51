import { sha256Hex } from '@dandan/shared/bundle';
import { createSigningKey, describeBundle } from '@dandan/shared/release';
import { expect, test } from 'vitest';
import { createStateFiles } from './state-files.ts';
import { DAY_MS, MODEL, START, signRelease, VERSIONS } from './testing/releases.ts';
import { AGREES, atRest, createWorld, type World } from './testing/world.ts';
import type { Updater } from './updater.ts';

const [one, two, three] = VERSIONS;

const first = { envelope: await signRelease({ release: 1, bundle: one }), serve: one.sha256 };
const second = {
  envelope: await signRelease({ release: 2, bundle: two, fallback: one }),
  serve: two.sha256,
};
const third = {
  envelope: await signRelease({ release: 3, bundle: three, fallback: one }),
  serve: three.sha256,
};

/** A gateway on which release 1 has proved itself. */
async function settledOnFirst() {
  const world = createWorld();
  const updater = await world.boot();
  world.offer = first;
  await updater.check();
  await world.until(updater, atRest(one.sha256));
  return { world, updater };
}

const statesOf = (world: World) =>
  world.log.flatMap(({ event, state }) => (event === 'update-state' ? [state] : []));

/** Takes the power and gives it back. */
async function restart(world: World, updater: Updater): Promise<Updater> {
  world.files.cutAt = world.files.operations.length;
  await updater.stop().catch(() => {});
  world.files.restart('lost');
  return world.boot();
}

test('the first release is fetched, verified, served and proved', async () => {
  const world = createWorld();
  const updater = await world.boot();
  expect(updater.report()).toMatchObject([{ phase: 'init', running: null, highest: 0 }]);
  expect(updater.heartbeat()).toEqual([]);
  world.offer = first;
  expect(await updater.check()).toEqual([
    { model: 'press', channel: 'stable', kind: 'offered', release: 1, bundle: one.sha256 },
  ]);
  await world.until(updater, atRest(one.sha256));
  expect(world.served).toEqual([one.sha256]);
  const figures = { bundle: one.sha256, rows: 5, errors: 1 };
  updater.answered(MODEL, 'stable', figures);
  updater.answered(MODEL, 'stable', { ...figures, bundle: two.sha256 });
  const subject = { model: 'press', channel: 'stable', release: 1, bundle: one.sha256 };
  expect(updater.heartbeat()).toEqual([
    { ...subject, state: 'running', reason: '', rows: 5, errors: 1 },
  ]);
  await updater.stop();
});

test('the next release runs beside the first, takes over, and leaves it to go back to', async () => {
  const { world, updater } = await settledOnFirst();
  world.offer = second;
  await updater.check();
  const report = await world.until(updater, atRest(two.sha256));
  expect(report).toMatchObject({
    lastGood: { release: 1, bundle: one.sha256 },
    highest: 2,
    failure: null,
  });
  expect(statesOf(world).slice(-5)).toEqual(['download', 'verify', 'canary', 'commit', 'init']);
  expect(world.files.paths().filter((path) => path.includes('bundles'))).toHaveLength(2);
  await updater.stop();
});

test('a bundle that has proved itself waits for the hour in which it may take over', async () => {
  const { world, updater } = await settledOnFirst();
  world.mayChange = false;
  world.offer = second;
  await updater.check();
  const isJudged = () => world.log.some(({ event }) => event === 'canary-judged');
  const { canary } = await world.until(updater, isJudged);
  const enough = (canary?.rows ?? 0) + 1000;
  const waiting = await world.until(updater, ({ canary: now }) => (now?.rows ?? 0) > enough);
  expect(waiting).toMatchObject({ phase: 'canary', running: { bundle: one.sha256 } });
  world.mayChange = true;
  await world.until(updater, atRest(two.sha256));
  await updater.stop();
});

test('only the bytes of the stages that run here are fetched and kept', async () => {
  const { world, updater } = await settledOnFirst();
  await updater.stop();
  const [{ bytes }] = (await world.files.list('/store/bundles')).filter(({ name }) =>
    name.startsWith(one.sha256),
  );
  expect(bytes).toBeLessThan(one.bytes.byteLength);
  world.stages = 2;
  const next = await world.boot();
  await next.check();
  await world.until(next, atRest(one.sha256));
  const [longer] = await world.files.list('/store/bundles');
  expect(longer.bytes).toBeGreaterThan(bytes);
  await next.stop();
});

test('a bundle that fails on live rows is given up, reported, and not tried again', async () => {
  const { world, updater } = await settledOnFirst();
  world.answer = () => ({ ...AGREES, new: undefined, error: 'out of range' });
  world.offer = second;
  await updater.check();
  const report = await world.until(updater, ({ failure }) => failure !== null);
  expect(report).toMatchObject({ phase: 'init', running: { bundle: one.sha256 } });
  expect(updater.heartbeat()).toMatchObject([
    { release: 2, bundle: two.sha256, state: 'failed', reason: expect.stringContaining('failed') },
  ]);
  world.answer = (row) => row;
  await updater.check();
  expect(updater.report()).toMatchObject([{ phase: 'init', running: { bundle: one.sha256 } }]);
  // The next release may bring the very same bundle.
  world.offer = {
    envelope: await signRelease({ release: 3, bundle: two, fallback: one }),
    serve: two.sha256,
  };
  await updater.check();
  expect(await world.until(updater, atRest(two.sha256))).toMatchObject({ failure: null });
  await updater.stop();
});

test('a canary waits as long as no rows come', async () => {
  const { world, updater } = await settledOnFirst();
  world.rows = false;
  world.offer = second;
  await updater.check();
  await world.until(updater, ({ phase }) => phase === 'canary');
  const begun = world.log.length;
  for (let i = 0; i < 3; i++) await updater.check();
  expect(updater.report()).toMatchObject([{ phase: 'canary', running: { bundle: one.sha256 } }]);
  expect(world.log.slice(begun).filter(({ event }) => event === 'canary-judged')).toEqual([]);
  world.rows = true;
  await world.until(updater, atRest(two.sha256));
  await updater.stop();
});

test('errors on probation bring the bundle before back by themselves', async () => {
  const { world, updater } = await settledOnFirst();
  world.offer = second;
  await updater.check();
  await world.until(updater, () => world.served.at(-1) === two.sha256);
  updater.answered(MODEL, 'stable', { bundle: two.sha256, rows: 100, errors: 50 });
  const report = await world.until(updater, atRest(one.sha256));
  expect(report.failure).toMatchObject({
    release: 2,
    reason: '50 % of rows end in an error, 1 % may',
  });
  expect(world.served).toEqual([one.sha256, two.sha256, one.sha256]);
  await updater.stop();
});

test('a crash loop on probation ends at a start with the bundle before', async () => {
  const { world, updater } = await settledOnFirst();
  world.offer = second;
  await updater.check();
  await world.until(updater, ({ phase }) => phase === 'commit');
  let crashed = updater;
  for (let restarts = 1; restarts <= 3; restarts++) {
    crashed = await restart(world, crashed);
    expect(crashed.report(), `${restarts}`).toMatchObject([{ running: { bundle: two.sha256 } }]);
  }
  const last = await restart(world, crashed);
  expect(world.served.at(-1)).toBe(one.sha256);
  expect(last.report()[0].failure?.reason).toContain('started 4 times');
  await last.stop();
});

test('orderly restarts on probation are no crash loop', async () => {
  const { world, updater } = await settledOnFirst();
  world.offer = second;
  await updater.check();
  await world.until(updater, ({ phase }) => phase === 'commit');
  let current = updater;
  for (let restarts = 0; restarts < 6; restarts++) {
    await current.stop();
    current = await world.boot();
    expect(world.served.at(-1)).toBe(two.sha256);
  }
  await world.until(current, atRest(two.sha256));
  await current.stop();
});

test('the edge takes a release back in every state of it', async () => {
  for (const phase of ['download', 'verify', 'canary', 'commit', 'init'] as const) {
    const { world, updater } = await settledOnFirst();
    world.rows = phase !== 'canary';
    world.offer = second;
    await updater.check();
    await world.until(
      updater,
      (report) => report.phase === phase && (phase !== 'init' || atRest(two.sha256)(report)),
    );
    world.offer = { ...second, serve: one.sha256 };
    await updater.check();
    const report = await world.until(updater, atRest(one.sha256));
    expect(report, phase).toMatchObject({ running: { release: 2 }, failure: null, target: null });
    expect(updater.heartbeat(), phase).toMatchObject([{ release: 2, bundle: one.sha256 }]);
    // And promotes it after all.
    world.rows = true;
    world.offer = second;
    await updater.check();
    await world.until(updater, atRest(two.sha256));
    await updater.stop();
  }
});

test('a newer release overtakes one that is on its way, in every state of it', async () => {
  for (const phase of ['download', 'verify', 'canary', 'commit', 'init'] as const) {
    const { world, updater } = await settledOnFirst();
    world.rows = phase !== 'canary';
    world.offer = second;
    await updater.check();
    await world.until(
      updater,
      (report) => report.phase === phase && (phase !== 'init' || atRest(two.sha256)(report)),
    );
    world.rows = true;
    world.offer = third;
    await updater.check();
    const report = await world.until(updater, atRest(three.sha256));
    const before = ['commit', 'init'].includes(phase) ? two : one;
    expect(report.lastGood?.bundle, phase).toBe(before.sha256);
    await updater.stop();
  }
});

test('an update goes on by itself after an edge that went away in any state of it', async () => {
  for (const phase of ['download', 'verify', 'canary', 'commit'] as const) {
    const { world, updater } = await settledOnFirst();
    world.offer = second;
    await updater.check();
    await world.until(updater, (report) => report.phase === phase);
    world.offer = undefined;
    expect(await updater.check()).toMatchObject([{ kind: 'unavailable' }]);
    await updater.settled();
    world.offer = second;
    await updater.check();
    await world.until(updater, atRest(two.sha256));
    await updater.stop();
  }
});

test('an operator goes back, and the release stays given up', async () => {
  const { world, updater } = await settledOnFirst();
  expect(await updater.rollback({ reason: 'nothing to go back to' })).toEqual([]);
  world.offer = second;
  await updater.check();
  await world.until(updater, atRest(two.sha256));
  expect(await updater.rollback({ model: MODEL, reason: 'presses stop' })).toEqual([MODEL]);
  await world.until(updater, atRest(one.sha256));
  await updater.check();
  expect(updater.report()).toMatchObject([
    { phase: 'init', running: { bundle: one.sha256 }, failure: { reason: 'presses stop' } },
  ]);
  await updater.stop();
});

test.each<[string, Parameters<typeof signRelease>[0], string]>([
  [
    'a key nobody trusts',
    { release: 2, bundle: two, key: await createSigningKey() },
    'key-unknown',
  ],
  ['another model', { release: 2, bundle: two, change: { model: 'lathe' } }, 'pointer-mismatch'],
  ['another channel', { release: 2, bundle: two, change: { channel: 'beta' } }, 'pointer-mismatch'],
  [
    'the end of its time',
    { release: 2, bundle: two, change: { expires: new Date(START - 1).toISOString() } },
    'pointer-expired',
  ],
  ['another statement of the same release', { release: 1, bundle: two }, 'pointer-replayed'],
])('a release is refused for %s, and what runs goes on', async (_, options, code) => {
  const { world, updater } = await settledOnFirst();
  world.offer = { envelope: await signRelease(options), serve: two.sha256 };
  const [result] = await updater.check();
  expect(result).toMatchObject({ kind: 'refused', reason: expect.stringContaining(code) });
  expect(updater.report()).toMatchObject([{ phase: 'init', running: { bundle: one.sha256 } }]);
  await updater.stop();
});

test('a bundle that nobody signed is refused, whatever the edge says', async () => {
  const { world, updater } = await settledOnFirst();
  world.offer = { ...second, serve: three.sha256 };
  expect(await updater.check()).toMatchObject([
    { kind: 'refused', reason: expect.stringContaining('nobody signed') },
  ]);
  await updater.stop();
});

test('an old release is refused after a rollback, and after the store was made anew', async () => {
  const { world, updater } = await settledOnFirst();
  world.offer = second;
  await updater.check();
  await world.until(updater, atRest(two.sha256));
  await updater.rollback({ reason: 'back' });
  world.offer = first;
  expect(await updater.check()).toMatchObject([{ kind: 'refused' }]);
  await updater.stop();
  for (const path of world.files.paths()) {
    if (path.startsWith('/store')) await world.files.remove(path);
  }
  const anew = await world.boot();
  expect(anew.report()).toMatchObject([{ running: null, highest: 2 }]);
  expect(await anew.check()).toMatchObject([
    { kind: 'refused', reason: expect.stringContaining('pointer-replayed') },
  ]);
  // The very statement that was the highest may be read again.
  world.offer = second;
  await anew.check();
  await world.until(anew, atRest(two.sha256));
  await anew.stop();
});

test('what has expired forbids to install, not to go back', async () => {
  const { world, updater } = await settledOnFirst();
  world.offer = second;
  await updater.check();
  await world.until(updater, atRest(two.sha256));
  world.now += 60 * DAY_MS;
  world.edgeTime = world.now;
  world.offer = { ...second, serve: one.sha256 };
  await updater.check();
  await world.until(updater, atRest(one.sha256));
  world.offer = third;
  expect(await updater.check()).toMatchObject([
    { kind: 'refused', reason: expect.stringContaining('pointer-expired') },
  ]);
  await updater.stop();
});

test('a clock at 1970 is not believed, and the time of the edge is', async () => {
  const world = createWorld();
  world.now = 0;
  world.edgeTime = undefined;
  world.offer = first;
  const updater = await world.boot();
  expect(await updater.check()).toMatchObject([
    { kind: 'refused', reason: expect.stringContaining('clock-implausible') },
  ]);
  updater.heard({ time: START });
  await updater.check();
  await world.until(updater, atRest(one.sha256));
  await updater.stop();
});

test('a damaged bundle never runs: the one before does, and it is fetched again', async () => {
  const { world, updater } = await settledOnFirst();
  world.offer = second;
  await updater.check();
  await world.until(updater, atRest(two.sha256));
  await updater.stop();
  const file = `/store/bundles/${two.sha256}.safetensors`;
  const { byteLength } = (await world.files.read(file, 1e9)) as Uint8Array;
  for (let at = 0; at < byteLength; at += 211) {
    const files = world.files.clone();
    files.damage(file, (bytes) => {
      bytes[at] ^= 4;
      return bytes;
    });
    const later = createWorld(files);
    later.offer = undefined;
    const again = await later.boot();
    expect(later.served, `byte ${at}`).toEqual([one.sha256]);
    later.offer = second;
    await again.check();
    await later.until(again, atRest(two.sha256));
    await again.stop();
  }
});

test('where every bundle is damaged, nothing runs until it was fetched again', async () => {
  const { world, updater } = await settledOnFirst();
  await updater.stop();
  const file = `/store/bundles/${one.sha256}.safetensors`;
  for (const change of [
    (bytes: Uint8Array) => bytes.subarray(0, 100),
    () => new Uint8Array(),
    (bytes: Uint8Array) => bytes.fill(0),
    () => two.bytes,
  ]) {
    const files = world.files.clone();
    files.damage(file, change);
    const later = createWorld(files);
    const again = await later.boot();
    expect(later.served).toEqual([]);
    later.offer = first;
    await again.check();
    await later.until(again, atRest(one.sha256));
    await again.stop();
  }
});

test('a key that is no longer trusted takes what it alone signed with it', async () => {
  const { world, updater } = await settledOnFirst();
  await updater.stop();
  world.keys = [];
  const again = await world.boot();
  expect(again.report()).toMatchObject([{ running: null }]);
  await again.stop();
});

/** A version whose manifest only a later program reads. */
async function newerSchema(made: (typeof VERSIONS)[number]) {
  const text = new TextDecoder('latin1').decode(made.bytes);
  const changed = text.replace('\\"schema\\":1', '\\"schema\\":2');
  const bytes = Uint8Array.from(changed, (character) => character.charCodeAt(0));
  return { ...made, bytes, sha256: await sha256Hex(bytes) };
}

test('a bundle of a newer schema is refused and reported, and the old one goes on', async () => {
  const { world, updater } = await settledOnFirst();
  const newer = await newerSchema(two);
  world.bundles.set(newer.sha256, newer.bytes);
  world.offer = {
    envelope: await signRelease({ release: 2, bundle: newer, fallback: one }),
    serve: newer.sha256,
  };
  await updater.check();
  await world.until(updater, ({ failure }) => failure !== null);
  expect(updater.report()).toMatchObject([{ phase: 'init', running: { bundle: one.sha256 } }]);
  expect(updater.heartbeat()).toMatchObject([
    {
      release: 2,
      bundle: newer.sha256,
      state: 'failed',
      reason: expect.stringContaining('bundle-schema-unsupported'),
    },
  ]);
  await updater.stop();
});

test('an older program that cannot read what runs goes back to what it can', async () => {
  const { world, updater } = await settledOnFirst();
  world.offer = second;
  await updater.check();
  await world.until(updater, atRest(two.sha256));
  await updater.stop();
  // As the program after it would have left it.
  const newer = await newerSchema(three);
  const envelope = await signRelease({ release: 3, bundle: newer, fallback: one });
  const state = createStateFiles({ folder: '/store/state', files: world.files });
  const { document } = await state.load({ model: MODEL, channel: 'stable' });
  const bundle = await describeBundle(newer.bytes);
  await state.save({
    ...document,
    running: { release: 3, role: 'bundle', bundle, envelope },
    lastGood: document.running,
  });
  await world.files.write(`/store/bundles/${newer.sha256}.safetensors`, newer.bytes);
  world.offer = undefined;
  const older = await world.boot();
  expect(world.served.at(-1)).toBe(two.sha256);
  await world.until(older, ({ failure }) => failure !== null);
  expect(older.report()).toMatchObject([
    { phase: 'init', running: { bundle: two.sha256 }, failure: { bundle: newer.sha256 } },
  ]);
  await older.stop();
});

test('a disk that is full holds an update up and nothing else', async () => {
  const { world, updater } = await settledOnFirst();
  const { writeFrom } = world.files;
  world.files.writeFrom = async () => {
    throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  };
  world.offer = second;
  await updater.check();
  await world.until(updater, ({ problem }) => problem?.includes('ENOSPC') ?? false);
  expect(updater.report()).toMatchObject([{ phase: 'download', running: { bundle: one.sha256 } }]);
  world.files.writeFrom = writeFrom;
  await updater.check();
  await world.until(updater, atRest(two.sha256));
  await updater.stop();
});

test('a release that falls back to a bundle that never ran here has it fetched beforehand', async () => {
  const world = createWorld();
  const updater = await world.boot();
  world.offer = second;
  await updater.check();
  await world.until(updater, ({ lastGood }) => lastGood?.bundle === one.sha256);
  world.bundles.clear();
  world.offer = { ...second, serve: one.sha256 };
  await updater.check();
  await world.until(updater, atRest(one.sha256));
  await updater.stop();
});

test('a gateway that runs a bad bundle does not judge the next one by it', async () => {
  const { world, updater } = await settledOnFirst();
  world.answer = (row) => ({ ...row, new: { class: 1, confidence: 0.9, stage: 1 } });
  world.offer = {
    envelope: await signRelease({ release: 2, bundle: two, fallback: three }),
    serve: two.sha256,
  };
  await updater.check();
  await world.until(updater, atRest(two.sha256));
  // The fallback of this one is what runs: now they must agree.
  world.offer = {
    envelope: await signRelease({ release: 3, bundle: three, fallback: two }),
    serve: three.sha256,
  };
  await updater.check();
  const { failure } = await world.until(updater, ({ failure: found }) => found !== null);
  expect(failure?.reason).toContain('agrees with the bundle before on 0 %');
  await updater.stop();
});

test('a person’s wish for a release that the edge does not have yet is told', async () => {
  const { updater } = await settledOnFirst();
  expect(await updater.request({ model: MODEL, release: 1 })).toMatchObject([{ kind: 'offered' }]);
  expect(await updater.request({ model: MODEL, release: 5 })).toMatchObject([
    { kind: 'unavailable', reason: 'release 5 was asked for, the edge has 1' },
  ]);
  expect(await updater.request({ model: 'unknown' })).toEqual([]);
  await updater.stop();
});
