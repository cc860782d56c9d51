import { describeBundle } from '@dandan/shared/release';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  documentSchema,
  emptyDocument,
  type SignedBundle,
  targetOf,
  type UpdateDocument,
} from './document.ts';
import type { UpdateEvent } from './events.ts';
import { keptBundles } from './kept-bundles.ts';
import { isRejected, reduce } from './reduce.ts';
import { signRelease, VERSIONS } from './testing/releases.ts';

const CANDIDATES: readonly SignedBundle[] = await Promise.all(
  [1, 2, 3].flatMap((release) =>
    VERSIONS.map(async (version, i) => ({
      release,
      role: i === 0 ? ('fallback' as const) : ('bundle' as const),
      bundle: await describeBundle(version.bytes),
      envelope: await signRelease({ release, bundle: version }),
    })),
  ),
);

const candidate = fc.constantFrom(...CANDIDATES);
const at = fc.nat();
const name = candidate.map(({ bundle }) => bundle.sha256);

const event: fc.Arbitrary<UpdateEvent> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({ kind: fc.constant('offered' as const), target: candidate, at, issued: fc.nat() })
      .map((e) => ({ ...e, mark: { release: e.target.release, statement: null } })),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('downloaded' as const), sha256: name }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('verified' as const), sha256: name, at }) },
  fc.record({ kind: fc.constant('unsound' as const), sha256: name, at }),
  fc.record({
    kind: fc.constant('rejected' as const),
    sha256: name,
    at,
    reason: fc.string({ maxLength: 400 }),
  }),
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('approved' as const), sha256: name, at }) },
  fc.record({
    kind: fc.constant('answered' as const),
    sha256: name,
    rows: fc.nat(),
    errors: fc.nat(),
  }),
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('proved' as const), at }) },
  fc.record({ kind: fc.constant('failed' as const), reason: fc.string(), at }),
  fc.record({ kind: fc.constant('returned' as const) }),
  fc.record({ kind: fc.constant('undone' as const), reason: fc.string(), at }),
  fc.record({ kind: fc.constant('lost' as const), sha256: name, at }),
  fc.record({ kind: fc.constant('secured' as const), fallback: candidate }),
  fc.record({ kind: fc.constant('started' as const), at }),
  fc.record({ kind: fc.constant('stopped' as const) }),
);

const nameOf = (signed: SignedBundle | null | undefined) => signed?.bundle.sha256;

/** What must hold whatever happens. */
function checkStep(before: UpdateDocument, happened: UpdateEvent, after: UpdateDocument): void {
  expect(documentSchema.parse(after)).toEqual(after);
  expect(after.highest?.release ?? 0).toBeGreaterThanOrEqual(before.highest?.release ?? 0);
  expect(after.issued).toBeGreaterThanOrEqual(before.issued);
  const started = nameOf(after.running) !== nameOf(before.running) ? after.running : null;
  if (started !== null) {
    // Nothing is served that was not verified, and on trial where there was something to compare.
    const proven = nameOf(started) === nameOf(before.lastGood);
    expect(proven || ['verified', 'approved', 'offered'].includes(happened.kind)).toBe(true);
    if (happened.kind === 'offered')
      expect(proven || nameOf(started) === nameOf(happened.target)).toBe(true);
    if (!proven) expect(['verify', 'canary']).toContain(before.phase.kind);
  }
  // What runs is thrown away by nobody but who found it damaged, or bad without anything before it.
  if (before.running !== null && after.running === null) {
    expect(['lost', 'failed', 'started', 'undone']).toContain(happened.kind);
    expect(before.lastGood).toBeNull();
  }
  const target = targetOf(after);
  if (target !== undefined) {
    expect(nameOf(target)).not.toBe(nameOf(after.running));
    if (happened.kind === 'offered' && target === happened.target) {
      expect(isRejected(after, target)).toBe(false);
    }
  }
  const kept = keptBundles(after);
  for (const signed of [after.running, after.lastGood, target]) {
    if (signed) expect(kept).toContain(signed.bundle.sha256);
  }
}

test('reduce() keeps its promises whatever happens in whatever order', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      let document = emptyDocument('press', 'stable');
      for (const happened of events) {
        const after = reduce(document, happened);
        checkStep(document, happened, after);
        document = after;
      }
    }),
    { numRuns: 500 },
  );
});

test('reduce() gives up a crash loop after three starts, and counts no orderly ones', () => {
  const [a, b] = [CANDIDATES[0], CANDIDATES[4]];
  let document: UpdateDocument = {
    ...emptyDocument('press', 'stable'),
    running: a,
    phase: { kind: 'canary', target: b, since: 0, restarts: 0 },
  };
  for (let i = 0; i < 10; i++) {
    document = reduce(reduce(document, { kind: 'started', at: i }), { kind: 'stopped' });
  }
  expect(document.phase).toMatchObject({ kind: 'canary', restarts: 0 });
  for (let i = 0; i < 4; i++) document = reduce(document, { kind: 'started', at: i });
  expect(document).toMatchObject({
    phase: { kind: 'init' },
    running: a,
    rejected: [{ release: 2 }],
  });
});
