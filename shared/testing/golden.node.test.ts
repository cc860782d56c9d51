// The golden digests outside Node's own realm: in a context that has web globals
// only, and in a real browser. Both run the code as a page would load it.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { KERNEL_PATHS } from '../kernel/index.ts';
import {
  CALENDAR_DIGEST,
  FEATURE_DIGEST,
  FEATURE_STREAMS,
  GOLDEN_DIGESTS,
  KERNEL_CASES,
  KERNEL_DIGEST,
  LINE_DIGEST,
  LINE_REFERENCE,
  LINES,
  REFERENCE_DIGEST,
} from './golden-digests.ts';

const CHROMIUM = process.env.DANDAN_CHROMIUM ?? '/usr/bin/chromium';

const CHROMIUM_FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const REFERENCED = `golden.lineDigest(${LINES}, ${JSON.stringify(LINE_REFERENCE)})`;

let script = '';

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./golden.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'golden',
    platform: 'browser',
    target: 'es2022',
    legalComments: 'none',
  });
  script = outputFiles[0].text;
});

test('a context with web globals only computes the golden digests', async () => {
  const context = createContext({ crypto, TextEncoder, TextDecoder, atob, performance });
  runInContext(script, context);
  const digests = await runInContext('golden.goldenDigests().then(JSON.stringify)', context);
  expect(JSON.parse(digests)).toEqual(GOLDEN_DIGESTS);
  expect(await runInContext('golden.calendarDigest()', context)).toBe(CALENDAR_DIGEST);
  const rows = `golden.featureDigest(${FEATURE_STREAMS})`;
  expect(await runInContext(rows, context)).toBe(FEATURE_DIGEST);
  expect(await runInContext(`golden.lineDigest(${LINES})`, context)).toBe(LINE_DIGEST);
  expect(await runInContext(REFERENCED, context)).toBe(REFERENCE_DIGEST);
});

// A browser takes seconds to start where other tests load the machine.
test('Chromium computes the golden digests', { timeout: 90_000 }, async ({ skip }) => {
  const required = process.env.DANDAN_REQUIRE_ALL === '1';
  if (!required) skip(!existsSync(CHROMIUM), `no Chromium at ${CHROMIUM}`);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS });
  try {
    const page = await browser.newPage();
    // WebCrypto needs a secure context, which localhost is; nothing leaves the process.
    await page.route('**/*', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>golden</title>' }),
    );
    await page.goto('http://localhost/');
    await page.addScriptTag({ content: script });
    const all = (await page.evaluate('golden.digestsByPath()')) as Record<string, unknown>;
    expect(Object.keys(all).sort()).toEqual([...KERNEL_PATHS].sort());
    for (const digests of Object.values(all)) expect(digests).toEqual(GOLDEN_DIGESTS);
    const kernels = await page.evaluate(`golden.kernelDigestsByPath(${KERNEL_CASES})`);
    expect(await page.evaluate('golden.calendarDigest()')).toBe(CALENDAR_DIGEST);
    expect(await page.evaluate(`golden.featureDigest(${FEATURE_STREAMS})`)).toBe(FEATURE_DIGEST);
    expect(await page.evaluate(`golden.lineDigest(${LINES})`)).toBe(LINE_DIGEST);
    expect(await page.evaluate(REFERENCED)).toBe(REFERENCE_DIGEST);
    expect(kernels).toEqual(Object.fromEntries(KERNEL_PATHS.map((path) => [path, KERNEL_DIGEST])));
  } finally {
    await browser.close();
  }
});
