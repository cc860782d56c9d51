// `npm run dashboard:pictures`: the pictures of the documentation, of a plant that was made up.
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { startChromium } from './chromium.ts';
import { startPlant } from './started-plant.ts';

const FOLDER = fileURLToPath(new URL('../../../docs/images', import.meta.url));

/** A page of documentation loads several. */
const MAX_BYTES = 150_000;

const WIDE = { width: 1200, height: 1080 };
const PHONE = { width: 390, height: 844 };

interface Picture {
  readonly name: string;
  readonly page: string;
  readonly viewport: { readonly width: number; readonly height: number };
  readonly locale: string;
  readonly colorScheme: 'light' | 'dark';
  /** @default {as long as the page} */
  readonly cropped?: boolean;
}

const light = { viewport: WIDE, locale: 'en-GB', colorScheme: 'light' } as const;
const phone = { viewport: PHONE, locale: 'ja-JP', colorScheme: 'dark' } as const;

const pictures = (hardCase: string): Picture[] => [
  { name: 'overview', page: 'overview', ...light },
  { name: 'overview-phone', page: 'overview', ...phone },
  { name: 'models', page: 'models', ...light },
  { name: 'explain', page: `explain/case/${hardCase}`, ...light, cropped: true },
  { name: 'hard-cases', page: 'hard-cases', ...light, cropped: true },
  { name: 'drift', page: 'drift', ...light, cropped: true },
  { name: 'hard-cases-phone', page: 'hard-cases', ...phone, cropped: true },
];

async function show(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.waitForFunction(() => (document.querySelector('.updated')?.textContent ?? '') !== '');
}

const plant = await startPlant();
const browser = await startChromium();
try {
  await mkdir(FOLDER, { recursive: true });
  const { cases } = await plant.edge('get', '/v1/hard-cases', { query: { model: 'press' } });
  for (const { name, page: hash, cropped = false, ...look } of pictures(cases[0].id)) {
    const context = await browser.newContext({ ...look, timezoneId: 'Asia/Tokyo' });
    const page = await context.newPage();
    await page.goto(plant.url);
    await page.fill('input[name=key]', plant.key);
    await page.click('form button');
    await page.waitForSelector('nav');
    await show(page, `${plant.url}/#/${hash}`);
    const path = join(FOLDER, `dashboard-${name}.png`);
    await page.screenshot({ path, fullPage: !cropped });
    const { size } = await stat(path);
    if (size > MAX_BYTES) throw new Error(`${path} has ${size} bytes, more than ${MAX_BYTES}`);
    await context.close();
  }
} finally {
  await browser.close();
  await plant.stop();
}
