// Digests of the golden bundles: what every runtime must compute, bit for bit. They
// change only with a deliberate change of the arithmetic, which is a new kernel and
// a new answer for every bundle already deployed.
import type { Digests } from './golden.ts';

/** What kernels answer to the made-up cascades of seeds 1..{@linkcode KERNEL_CASES}. */
export const KERNEL_DIGEST = '3ecd35bbe4c8425dbfc10db470e9d8fbafee746ac791004eb69b778ccdaacd24';

/** When a night begins and ends in 2026, in several time zones. */
export const CALENDAR_DIGEST = '598d8e39918e5ee821bf8897dbae2f8268fc699df5786f7686f908a5d7e76f71';

/** What rows are made of the streams of seeds 1..{@linkcode FEATURE_STREAMS}. */
export const FEATURE_DIGEST = '6fdba07b0cb9cbd56e1e0be0b5796ebac92ea8e0b503b5c29b2ea56e7994044d';

/** 20,000 samples, in half a second. */
export const FEATURE_STREAMS = 100;

/** What rows are made of the lines of seeds 1..{@linkcode LINES}. */
export const LINE_DIGEST = '0e1d09949c9cc86d90349a70606e746d092cf191c2c1e9577e2f2cd0980ca191';

/** The same lines, each machine measured against its first {@linkcode LINE_REFERENCE} readings. */
export const REFERENCE_DIGEST = '52386461a9b8ef807c6e697de593a5fa10c09a3bf2071768fbf3ae96a9bfb04a';

/** As many as the valves of the lines have within half of their time. */
export const LINE_REFERENCE = { samples: 4 };

/** Lines of {@linkcode LINE_DIGEST}: half a second. */
export const LINES = 10;

/** Thousands of shapes, in about a second. */
export const KERNEL_CASES = 3000;

export const GOLDEN_DIGESTS: Readonly<Record<string, Digests>> = {
  'paper-dense': {
    bundle: '3912d7b54ce8d6ee834913fe11cbb6df95d87454ee094824e57c543cf1535047',
    rows: 'e2dc4ee8e97b271c44b1df97a788f15db1263e8e88864fee05032a48841a20bc',
    trace: '912cfaa4ed33c543338f8936755db5b1b3f6b0ab6360ecb3d1196500a4fb3ad9',
    exits: '6e156b40d1ffe0ada68f2764a84b58b406cb8e649b53eba1bb39ba1e623284cb',
  },
  'paper-sparse': {
    bundle: 'a850a9a247d74dbdd49dd7759f6c36706fae634d5b37e6faaeb4e82249fb1fc5',
    rows: 'a6458aa64ec6b74d2f0a7a39775e1085f08f0af912cc7d18f32648bee5ebdc78',
    trace: '4f217c7ba6ab596100b6dbcce04d40968c84af5c3f9c144b5ceee2a93174c80e',
    exits: '7af8771c51f9e982821b2541c450cca75e82c5002a814761f1e72cf8b93abb96',
  },
  'incremental-dense': {
    bundle: '4951bd25d6f2903874b01815638c040a18aff91fe10af9f6b6d842fc8b08b95d',
    rows: 'f7f18b27afa1a5250c2700a8cf341cf6b7a55b55685b6720c24566b3759d13e9',
    trace: '7ec0611b64719c3bd7b2dc5e3258ea00b5a7e3baf769308577c5b8f706ad39ce',
    exits: '35ea6806523573d2fef331b8db9caf2252b855adc62656f3f5c9a50fa4ba1498',
  },
  'additive-dense': {
    bundle: '13cc1c533652a4e3341a3e7f5e10a1f4644658bed2a13a7a904fe71724b0b855',
    rows: '85f85cca97575855c120eeb8be479ed7ec197c6228b0f59b9709fbad9fc1e955',
    trace: '5b313ddacc21c0f70f419255b42bbb37ce390154b4a49973280fafcfa213e634',
    exits: 'b5d1f4504f6743810facdb0bc31ca2033ac567967799153384401ed581870edd',
  },
  'incremental-sparse': {
    bundle: '8f55637333412623a5bf9e2d613db5f8755f4a0585f34b2e366b402700ea0690',
    rows: '927ed9f2408845576a4fb93af7a5dde95e6a4d41d497e296d5bce54bf31a972d',
    trace: '293c8a3b5a06ac61c5fbc043e5cf17636659be215815843f6e4e60d767bc9bff',
    exits: '27efb97ffd41afcdf3f6761a92f4c606d0697acc06a4f99f7e5c47340d125af9',
  },
};
