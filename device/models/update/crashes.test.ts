// The power is cut before every single operation on the disk, in three ways; what comes back must
// run a bundle that verifies, and go on to where the edge wants it.
import { expect, test } from 'vitest';
import type { FragileFiles, Loss } from '../bundle-store/testing/fragile-files.ts';
import type { Offer } from './offer.ts';
import type { ModelReport } from './report.ts';
import { signRelease, VERSIONS } from './testing/releases.ts';
import { AGREES, atRest, createWorld, type World } from './testing/world.ts';
import type { Updater } from './updater.ts';

const [one, two, three] = VERSIONS;
const LOSSES: readonly Loss[] = ['lost', 'kept', 'torn'];

const first: Offer = {
  envelope: await signRelease({ release: 1, bundle: one }),
  serve: one.sha256,
};
const second: Offer = {
  envelope: await signRelease({ release: 2, bundle: two, fallback: one }),
  serve: two.sha256,
};
const third: Offer = {
  envelope: await signRelease({ release: 3, bundle: three, fallback: one }),
  serve: three.sha256,
};

interface Scenario {
  /** The disk before it. */
  readonly disk: FragileFiles | undefined;
  /** What may be served after a cut, before the edge is heard of again. */
  readonly mayServe: readonly (string | undefined)[];
  readonly prepare?: (world: World) => void;
  /** What happens; it ends with the power. */
  readonly act: (world: World, updater: Updater) => Promise<unknown>;
  /** Where the gateway must be in the end, once the edge is there. */
  readonly end: (report: ModelReport) => boolean;
  readonly offer: Offer;
  /** The release that is remembered as the highest from then on. */
  readonly highest: number;
}

async function diskAfter(offers: readonly Offer[]): Promise<FragileFiles> {
  const world = createWorld();
  const updater = await world.boot();
  for (const offer of offers) {
    world.offer = offer;
    await updater.check();
    await world.until(updater, atRest(offer.serve));
  }
  await updater.stop();
  return world.files;
}

async function play({ disk, act, prepare }: Scenario, cutAt: number): Promise<World> {
  const world = createWorld(disk?.clone());
  world.files.cutAt = cutAt;
  prepare?.(world);
  try {
    const updater = await world.boot();
    await act(world, updater).catch((error: unknown) => {
      if (!world.files.dead) throw error;
    });
    await updater.stop();
  } catch (error) {
    if (!world.files.dead) throw error;
  }
  return world;
}

async function surviveEveryCut(scenario: Scenario): Promise<number> {
  const whole = await play(scenario, Number.POSITIVE_INFINITY);
  const { operations } = whole.files;
  for (const loss of LOSSES) {
    for (let cutAt = 0; cutAt < operations.length; cutAt++) {
      const where = `${loss} before ${cutAt} (${operations[cutAt]})`;
      const { files } = await play(scenario, cutAt);
      expect(files.dead, where).toBe(true);
      files.restart(loss);
      const world = createWorld(files);
      // The edge is away at first: what is on the disk must do.
      const updater = await world.boot();
      expect(scenario.mayServe, where).toContain(world.served.at(-1));
      await updater.check();
      world.offer = scenario.offer;
      await updater.check();
      await world.until(updater, scenario.end);
      expect(updater.report()[0].highest, where).toBe(scenario.highest);
      await updater.stop();
    }
  }
  return operations.length;
}

test('a first release survives a power cut before any operation', async () => {
  const operations = await surviveEveryCut({
    disk: undefined,
    mayServe: [undefined, one.sha256],
    async act(world, updater) {
      world.offer = first;
      await updater.check();
      await world.until(updater, atRest(one.sha256));
    },
    end: atRest(one.sha256),
    offer: first,
    highest: 1,
  });
  expect(operations).toBeGreaterThan(20);
}, 120_000);

const settled = await diskAfter([first]);

test('an update survives a power cut before any operation', async () => {
  const operations = await surviveEveryCut({
    disk: settled,
    mayServe: [one.sha256, two.sha256],
    async act(world, updater) {
      world.offer = second;
      await updater.check();
      await world.until(updater, atRest(two.sha256));
    },
    end: (report) => atRest(two.sha256)(report) && report.lastGood?.bundle === one.sha256,
    offer: second,
    highest: 2,
  });
  expect(operations).toBeGreaterThan(20);
}, 120_000);

test('a rollback by the edge survives a power cut before any operation', async () => {
  const back = { ...second, serve: one.sha256 };
  await surviveEveryCut({
    disk: await diskAfter([first, second]),
    mayServe: [one.sha256, two.sha256],
    async act(world, updater) {
      world.offer = back;
      await updater.check();
      await world.until(updater, atRest(one.sha256));
    },
    end: atRest(one.sha256),
    offer: back,
    highest: 2,
  });
}, 120_000);

test('a canary that fails survives a power cut before any operation', async () => {
  const fails = (world: World) => {
    world.answer = () => ({ ...AGREES, new: undefined, error: 'out of range' });
  };
  await surviveEveryCut({
    disk: settled,
    mayServe: [one.sha256],
    prepare: fails,
    async act(world, updater) {
      world.offer = second;
      await updater.check();
      await world.until(updater, ({ failure }) => failure !== null);
    },
    // The world after the cut is a good one, where the release may be tried again or stay given up.
    end: ({ phase, running, failure }) =>
      phase === 'init' &&
      (running?.bundle === two.sha256 || (failure !== null && running?.bundle === one.sha256)),
    offer: second,
    highest: 2,
  });
}, 120_000);

test('a second update that overtakes the first survives a power cut before any operation', async () => {
  await surviveEveryCut({
    disk: settled,
    mayServe: [one.sha256, two.sha256, three.sha256],
    async act(world, updater) {
      world.offer = second;
      await updater.check();
      await world.until(updater, ({ phase }) => phase === 'canary');
      world.offer = third;
      await updater.check();
      await world.until(updater, atRest(three.sha256));
    },
    end: atRest(three.sha256),
    offer: third,
    highest: 3,
  });
}, 120_000);
