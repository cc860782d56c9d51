// The page in a real browser: what it asks for, how it fits, whether everybody can read it.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe, { type AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { collectRunFacts } from './facts/run-facts.ts';
import { toRunPage } from './run-page.ts';
import { createRunReport } from './run-report.ts';
import { LANGUAGES } from './say.ts';
import { CHROMIUM, hasChromium, startChromium } from './testing/chromium.ts';
import { createRunFixture, type RunFixtureOptions } from './testing/run-fixture.ts';

const missing = process.env.DANDAN_REQUIRE_ALL !== '1' && !hasChromium();
const WHY = `no Chromium at ${CHROMIUM}`;

/** Beside other tests a browser starts slowly. */
const LONG_MS = 90_000;

let browser: Browser;

beforeAll(async () => {
  if (!missing) browser = await startChromium();
}, LONG_MS);

afterAll(() => browser?.close());

beforeEach(({ skip }) => skip(missing, WHY));

interface Opened {
  readonly page: Page;
  /** What the page asked for, and what it complained of. */
  readonly asked: string[];
  readonly complaints: string[];
  readonly url: string;
}

async function open(options: RunFixtureOptions, width: number, dark = false): Promise<Opened> {
  const facts = collectRunFacts({ ...(await createRunFixture(options)), timed: false });
  const path = join(await temporaryFolder(), 'report.html');
  await writeFile(path, toRunPage(LANGUAGES.map((language) => createRunReport(facts, language))));
  const page = await browser.newPage({
    viewport: { width, height: 800 },
    colorScheme: dark ? 'dark' : 'light',
  });
  const [asked, complaints]: [string[], string[]] = [[], []];
  page.on('request', (request) => asked.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('dialog', (dialog) => complaints.push(dialog.message()));
  const url = pathToFileURL(path).href;
  await page.goto(url);
  return { page, asked, complaints, url };
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const results = (await page.evaluate(
    "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })",
  )) as AxeResults;
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 120)}`);
}

test.each([
  ['a desktop in daylight', 1280, false],
  ['a phone in the dark', 390, true],
] as const)(
  '%s shows one language at a time, without a network, for everybody',
  async (_, width, dark) => {
    const { page, asked, complaints, url } = await open({}, width, dark);
    for (const [shown, hidden] of [
      ['en', 'ja'],
      ['ja', 'en'],
    ]) {
      await page.click(`label[for=show-${shown}]`);
      expect(await page.isVisible(`main.${shown}`)).toBe(true);
      expect(await page.isVisible(`main.${hidden}`)).toBe(false);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(
        width,
      );
      expect(await violations(page)).toEqual([]);
    }
    expect(complaints).toEqual([]);
    expect(asked).toEqual([url]);
    await page.close();
  },
  LONG_MS,
);

test(
  'the keyboard chooses the language, and links lead to sections that are there',
  async () => {
    const { page } = await open({ places: 'none' }, 1280);
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowRight');
    expect(await page.isVisible('main.ja')).toBe(true);
    const lost = await page.evaluate(
      "[...document.querySelectorAll('nav a')].filter((a) => !document.querySelector(a.getAttribute('href'))).length",
    );
    expect(lost).toBe(0);
    await page.close();
  },
  LONG_MS,
);

test(
  'text of charts stays inside them',
  async () => {
    const { page } = await open({}, 1280);
    for (const language of LANGUAGES) {
      await page.click(`label[for=show-${language}]`);
      const outside =
        await page.evaluate(`[...document.querySelectorAll('main.${language} svg')].flatMap((svg) => {
        const box = svg.getBoundingClientRect();
        return [...svg.querySelectorAll('text')].filter((text) => {
          const own = text.getBoundingClientRect();
          return own.left < box.left - 1 || own.right > box.right + 1 || own.top < box.top - 1 || own.bottom > box.bottom + 1;
        }).map((text) => svg.id + text.textContent);
      })`);
      expect(outside).toEqual([]);
    }
    await page.close();
  },
  LONG_MS,
);
