// The dashboard in a real browser before a real edge: load, act, see the effect.
import { readFile } from 'node:fs/promises';
import axe, { type AxeResults } from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createClient } from '../client/client.ts';
import { CHROMIUM, hasChromium, startChromium } from './testing/chromium.ts';
import { POLICY } from './testing/fill-edge.ts';
import { type StartedPlant, startPlant } from './testing/started-plant.ts';

const required = process.env.DANDAN_REQUIRE_ALL === '1';
const missing = !required && !hasChromium();

/** An edge that is built and started twice, and a browser, beside other tests. */
const START_MS = 180_000;

const PAGES = [
  'overview',
  'models',
  'devices',
  'jobs',
  'hard-cases',
  'explain',
  'drift',
  'policies',
];

let plant: StartedPlant;
let browser: Browser;
let context: BrowserContext;
let page: Page;
/** What the page said on its console, and where it sent requests. */
const complaints: string[] = [];
const origins = new Set<string>();

beforeAll(async () => {
  if (missing) return;
  [plant, browser] = await Promise.all([startPlant(), startChromium()]);
  context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Asia/Tokyo' });
  page = await context.newPage();
  page.on('request', (request) => origins.add(new URL(request.url()).origin));
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    // The browser notes every refusal; those that a test provokes it expects itself.
    if (message.type() === 'error' && !message.text().includes('Failed to load resource')) {
      complaints.push(message.text());
    }
  });
  page.on('response', (response) => {
    if (response.status() >= 400)
      complaints.push(`${response.status()} ${new URL(response.url()).pathname}`);
  });
}, START_MS);

afterAll(async () => {
  await browser?.close();
  await plant?.stop();
});

beforeEach(({ skip }) => {
  skip(missing, `no Chromium at ${CHROMIUM}`);
  complaints.length = 0;
});

/** Goes to a page and waits until it is shown. */
async function visit(name: string, on = page): Promise<void> {
  await on.goto(`${plant.url}/#/${name}`);
  await shown(on);
}

const shown = (on = page) =>
  on.waitForFunction(() => (document.querySelector('.updated')?.textContent ?? '') !== '');

async function signIn(key: string, on = page): Promise<void> {
  await on.fill('input[name=key]', key);
  await on.click('form button');
}

const text = (selector: string) => page.locator(selector).first().innerText();

/** Pixels that a page is wider than its window: only tables may be, and scroll by themselves. */
const tooWide = (on: Page) =>
  on.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

const confirm = () => page.click('dialog button[value=yes]');

test('nobody gets in without the right key', async () => {
  await page.goto(plant.url);
  await page.waitForSelector('input[name=key]');
  expect(await page.locator('nav').count()).toBe(0);
  await signIn('dk_wrong');
  await page.waitForSelector('.notice.bad');
  expect(await text('.notice.bad')).toContain('key-invalid');
  expect([...new Set(complaints)].sort()).toEqual([
    '401 /v1/metrics',
    '401 /v1/models',
    '401 /v1/session',
  ]);
  complaints.length = 0;
  await signIn(plant.key);
  await page.waitForSelector('nav');
  await shown();
  const cookies = await context.cookies();
  expect(cookies).toHaveLength(1);
  expect(cookies[0]).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
  // The key itself is nowhere that a script could read.
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, document.cookie]));
  expect(kept).not.toContain(plant.key);
});

test('the overview says what was answered where, what it saved, and that the promise is kept', async () => {
  await visit('overview');
  expect(await page.locator('.figure .value').allInnerTexts()).toEqual([
    expect.stringMatching(/^\d+(\.\d)?k$/),
    expect.stringMatching(/^9\d(\.\d)?%$/),
    expect.stringMatching(/^[78]\d(\.\d)?%$/),
    'kept',
  ]);
  expect(await page.locator('.chart svg[role=img]').count()).toBe(3);
  const bars = page.locator('.chart').first().locator('g');
  expect(await bars.count()).toBe(49);
  // The numbers of a chart can be read, and stay open when the page is loaded anew.
  await page.locator('.chart summary').first().click();
  await page.selectOption('main select >> nth=0', 'day');
  await page.waitForFunction(
    () => document.querySelectorAll('.chart details[open] tbody tr').length === 31,
  );
  await page.selectOption('main select >> nth=0', 'hour');
  expect(complaints).toEqual([]);
});

test('a canary is promoted, and rolled back', async () => {
  const served = async () => {
    const params = { model: 'press', channel: 'stable' };
    const { state, serve } = await plant.edge('get', '/v1/models/{model}/channels/{channel}', {
      params,
    });
    return { state, serve };
  };
  const { good, next } = plant.plant;
  await visit('models');
  const channel = page.locator('.channel', { hasText: 'press/stable' });
  await channel.getByRole('button', { name: 'Promote' }).click();
  // No is an answer, too.
  await page.click('dialog button[value=no]');
  expect((await served()).state).toBe('canary');
  await channel.getByRole('button', { name: 'Promote' }).click();
  await confirm();
  await channel.getByText('for all').first().waitFor();
  expect(await served()).toEqual({ state: 'promoted', serve: next.sha256 });
  await channel.getByRole('button', { name: 'Roll back' }).click();
  await confirm();
  await channel.getByText('rolled back').first().waitFor();
  expect(await served()).toEqual({ state: 'rolled-back', serve: good.sha256 });
  expect(complaints).toEqual([]);
});

test('a gateway is enrolled with the code that is shown', async () => {
  await visit('devices');
  await page.fill('input[name=device]', 'line-9');
  await page.getByRole('button', { name: 'Make a one-time code' }).click();
  const command = await text('main pre');
  const [, code] = /--code (\S+)/.exec(command) ?? [];
  const { key } = await createClient({ url: plant.url })('post', '/v1/enrol', { json: { code } });
  const gateway = createClient({ url: plant.url, key });
  await gateway('post', '/v1/heartbeats', { json: { software: 'dandan-gateway 9', models: [] } });
  await visit('overview');
  await visit('devices');
  const row = page.locator('tr', { hasText: 'line-9' });
  expect(await row.innerText()).toContain('dandan-gateway 9');
  await row.getByRole('button', { name: 'Remove' }).click();
  await confirm();
  await row.getByText('removed').waitFor();
  await expect(gateway('get', '/v1/session')).rejects.toMatchObject({ status: 401 });
  expect(complaints).toEqual([]);
});

test('a hard case is labelled, skipped, named anew, and exported', async () => {
  await visit('hard-cases');
  const cases = page.locator('.case');
  const [one, two] = [cases.nth(0), cases.nth(1)];
  await one.getByRole('button', { name: 'leak', exact: true }).click();
  await one.getByText('labelled: leak').waitFor();
  const leak = one.getByRole('button', { name: 'leak', exact: true });
  expect(await leak.getAttribute('aria-pressed')).toBe('true');
  await two.getByRole('button', { name: 'Skip' }).click();
  await two.getByText('skipped').waitFor();
  await two.locator('summary').click();
  await two.locator('input').fill('=1+1');
  await two.getByRole('button', { name: 'Label' }).click();
  await page.waitForSelector('.notice.bad');
  expect(complaints.splice(0)).toEqual([expect.stringMatching(/^422 .*\/label$/)]);
  await two.locator('input').fill('belt slipping');
  await two.getByRole('button', { name: 'Label' }).click();
  await two.getByText('labelled: belt slipping (new class)').waitFor();
  const ids = await cases.evaluateAll((items) => items.map(({ id }) => id));
  const saved = async (name: string) => {
    const waiting = page.waitForEvent('download');
    await page.getByRole('button', { name, exact: true }).click();
    const file = await waiting;
    return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
  };
  const csv = await saved('CSV');
  expect(csv.name).toBe('press-hard-cases.csv');
  expect(csv.text).toContain(`${ids[0]},leak,`);
  expect(csv.text).toContain(`${ids[1]},belt slipping,`);
  const ndjson = await saved('NDJSON');
  const records = ndjson.text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(records.find(({ node }) => node === ids[0])).toMatchObject({ label: 'leak' });
  // Labelled ones have left the list of those to label.
  await visit('overview');
  await visit('hard-cases');
  expect(await page.locator(`[id="${ids[0]}"]`).count()).toBe(0);
  await page.selectOption('main select >> nth=1', 'labelled');
  await page.waitForSelector(`[id="${ids[0]}"]`);
  await page.locator(`[id="${ids[0]}"]`).getByRole('link', { name: 'Explain' }).click();
  await page.waitForSelector('.chart svg[role=img]');
  expect(page.url()).toContain(`#/explain/case/${ids[0]}`);
  expect(complaints).toEqual([]);
});

test('a case is explained as it was answered, and the explanation kept', async () => {
  const { cases } = await plant.edge('get', '/v1/hard-cases', {
    query: { model: 'press', state: 'labelled' },
  });
  const [one] = cases;
  await visit(`explain/case/${one.id}`);
  const figures = await page.locator('.figure .value').allInnerTexts();
  expect(figures[0]).toBe(one.answer);
  const stages = await page.getByRole('group', { name: 'Stages' }).locator('tbody tr').count();
  expect(figures[1]).toBe(`Stage ${stages}`);
  expect(await page.locator('.signed').count()).toBe(11);
  expect(await page.locator('main').innerText()).toContain(
    'With a probability of at least 90%, at most 5% of nodes get another class',
  );
  await page.getByRole('button', { name: 'Keep as a record' }).click();
  await page.waitForSelector('.notice.good');
  const { explanations } = await plant.edge('get', '/v1/explanations');
  expect(explanations).toHaveLength(1);
  expect(explanations[0]).toMatchObject({ model: 'press', bundle: one.bundle });
  await page.locator('main a[href^="#/explain/kept/"]').first().click();
  await page.getByText('Kept on').waitFor();
  expect(page.url()).toContain(explanations[0].id);
  expect(await text('.figure .value')).toBe(one.answer);
  expect(complaints).toEqual([]);
});

test('a pasted row is explained; one that is no row is refused in words', async () => {
  await visit('explain');
  await page.selectOption('main select >> nth=0', 'press');
  await page.fill('textarea', '[1, 2');
  await page.getByRole('button', { name: 'Explain', exact: true }).click();
  expect(await text('.notice.bad')).toContain('This is no JSON');
  await page.fill('textarea', '[1, 2]');
  await page.getByRole('button', { name: 'Explain', exact: true }).click();
  await page.getByText('Row 0 has 2 features').waitFor();
  expect(complaints.splice(0)).toEqual(['422 /v1/models/press/explain']);
  await page.fill('textarea', JSON.stringify(new Array(20).fill(0.5)));
  await page.getByRole('button', { name: 'Explain', exact: true }).click();
  await page.waitForSelector('.chart svg[role=img]');
  expect(await page.locator('.figure .value').count()).toBe(3);
  // What was typed outlasts a look at another page.
  await visit('overview');
  await visit('explain');
  expect(await page.inputValue('textarea')).toMatch(/^\[0\.5,/);
  expect(complaints).toEqual([]);
});

test('drift is told by bundle, and where it cannot be told', async () => {
  await visit('drift');
  const press = page.locator('.card', { hasText: plant.plant.good.sha256.slice(0, 12) });
  expect(await press.locator('.figure .value').first().innerText()).toBe('2');
  expect(await press.locator('tbody tr').first().innerText()).toMatch(
    /^temperature.mean.*drifted$/s,
  );
  const mixer = page.locator('.card', { hasText: 'mixer' });
  expect(await mixer.innerText()).toContain('carries no reference');
  expect(complaints).toEqual([]);
});

test('a policy is tried on yesterday, put in force, and its faults are shown where they are', async () => {
  const decided = async () =>
    plant.edge('get', '/v1/policies/{model}/decision', { params: { model: 'press' } });
  await visit('policies/press');
  const save = page.getByRole('button', { name: 'Put in force' });
  const faulty = { ...POLICY, rules: [{ ...POLICY.rules[0], from: '25:00' }] };
  await page.fill('textarea', JSON.stringify(faulty));
  await save.click();
  await confirm();
  await page.getByText('At rules[0].from').waitFor();
  const marked = await page.locator('textarea').evaluate((area: HTMLTextAreaElement) => ({
    marked: area.value.slice(area.selectionStart, area.selectionEnd),
    focused: document.activeElement === area,
  }));
  expect(marked).toEqual({ marked: '"25:00"', focused: true });
  expect(complaints.splice(0)).toEqual(['422 /v1/policies/press']);

  const night = { ...POLICY, note: 'all night', otherwise: 'night' as const, rules: [] };
  await page.fill('textarea', JSON.stringify(night));
  await page.getByRole('button', { name: 'Try on yesterday’s traffic' }).click();
  const figures = page.getByRole('group', { name: 'Figure' });
  await figures.waitFor();
  const [before, after] = (await figures.locator('tr', { hasText: 'Stage 4' }).innerText())
    .split('\t')
    .slice(1)
    .map((value) => Number(value.replace(',', '')));
  expect(before).toBeGreaterThan(50);
  // Predictions would have stopped at stage 1; escalations keep their own policy.
  expect(after).toBeLessThan(before);
  expect(await figures.innerText()).toContain('Estimated');
  expect((await decided()).document.version).toBe(1);

  await save.click();
  await confirm();
  await page.getByText('Version 2 is in force').waitFor();
  expect(await text('.figure .value')).toBe('night');
  expect(await decided()).toMatchObject({ policy: 'night', document: { version: 2 } });
  expect(await page.getByRole('group', { name: 'Versions' }).locator('tbody tr').count()).toBe(2);

  // Somebody else writes meanwhile: nothing of theirs is lost.
  await plant.edge('put', '/v1/policies/{model}', { params: { model: 'press' }, json: POLICY });
  await page.fill('textarea', JSON.stringify({ ...night, note: 'again' }));
  await save.click();
  await confirm();
  await page.getByText('version-conflict').waitFor();
  expect(complaints.splice(0)).toEqual(['412 /v1/policies/press']);
  expect((await decided()).document.version).toBe(3);
});

test('a job is cancelled, and the results of another fetched', async () => {
  const row = JSON.stringify(new Array(20).fill(0));
  await plant.edge('put', '/v1/job-inputs/{name}', {
    params: { name: 'large.ndjson' },
    bytes: new TextEncoder().encode(`${row}\n`.repeat(60_000)),
  });
  const { id } = await plant.edge('post', '/v1/jobs', {
    json: { model: 'press', input: 'large.ndjson' },
  });
  await visit(`jobs/${id}`);
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await confirm();
  await page.getByText('cancelled').waitFor();
  const { state } = await plant.edge('get', '/v1/jobs/{id}', { params: { id } });
  expect(state).toBe('cancelled');
  await visit('jobs');
  const { jobs } = await plant.edge('get', '/v1/jobs');
  const done = jobs.find((job) => job.state === 'finished');
  await page.locator(`a[title="${done?.id}"]`).click();
  const waiting = page.waitForEvent('download');
  await page.getByRole('link', { name: 'results.csv' }).click();
  const lines = (await readFile(await (await waiting).path(), 'utf8')).trim().split('\n');
  expect(lines).toHaveLength(2001);
  const failed = jobs.find((job) => job.state === 'finished-with-failures');
  await visit(`jobs/${failed?.id}`);
  expect(await page.getByRole('group', { name: 'Chunks set aside' }).innerText()).toContain(
    'line-4/2026-11-24.ndjson, line 701',
  );
  await page.getByRole('button', { name: 'Resume' }).click();
  await vi.waitFor(
    async () => {
      const { entries } = await plant.edge('get', '/v1/audit', { query: { limit: 1 } });
      expect(entries).toMatchObject([{ action: 'job-resume', target: failed?.id }]);
    },
    { timeout: 10_000, interval: 100 },
  );
  expect(complaints).toEqual([]);
});

test('language and colours are chosen, and kept', async () => {
  await visit('overview');
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  await page.selectOption('header select >> nth=1', 'dark');
  expect(await paper()).not.toBe(light);
  await page.selectOption('header select >> nth=0', 'ja');
  await shown();
  expect(await text('h1')).toBe('概要');
  expect(await page.evaluate(() => [document.documentElement.lang, document.title])).toEqual([
    'ja',
    '概要 – 段々',
  ]);
  await page.setViewportSize({ width: 390, height: 844 });
  for (const name of PAGES) {
    await visit(name);
    expect([name, await tooWide(page)]).toEqual([name, 0]);
    // Words of the interface, not those of the plant.
    expect(await text('h1')).toMatch(
      /^[\p{Script=Han}\p{Script=Katakana}\p{Script=Hiragana}ー]+$/u,
    );
  }
  await page.reload();
  await shown();
  expect(await text('h1')).toBe('ポリシー');
  expect(await paper()).not.toBe(light);
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.selectOption('header select >> nth=0', 'en');
  await page.selectOption('header select >> nth=1', 'auto');
  expect(complaints).toEqual([]);
});

test('the keyboard skips to the content and goes on there after an action', async () => {
  await visit('models');
  await page.reload();
  await shown();
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.className)).toBe('skip');
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
  expect(page.url()).toContain('#/models');
  expect(complaints).toEqual([]);
});

test('a session that ended elsewhere leads to the sign-in page, and so does signing out', async () => {
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForSelector('input[name=key]');
  expect(await context.cookies()).toEqual([]);
  const other = await plant.edge('post', '/v1/keys', {
    json: { name: 'shift', scope: 'operator' },
  });
  await signIn(other.key);
  await shown();
  await plant.edge('delete', '/v1/keys/{id}', { params: { id: other.id } });
  await vi.waitFor(
    async () => {
      if ((await page.locator('input[name=key]').count()) === 1) return;
      await page.goto(`${plant.url}/#/${page.url().endsWith('jobs') ? 'models' : 'jobs'}`);
      throw new Error('still signed in');
    },
    { timeout: 20_000, interval: 500 },
  );
  await signIn(plant.key);
  await shown();
  // Calls that were under way when the first was refused.
  expect(complaints.filter((each) => !each.startsWith('401 /v1/'))).toEqual([]);
});

test('pages are loaded anew by themselves, but not under a hand that writes', async () => {
  const watched = await browser.newContext({ locale: 'en-GB' });
  const clocked = await watched.newPage();
  await clocked.clock.install();
  const asked: string[] = [];
  clocked.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await clocked.goto(plant.url);
  await clocked.fill('input[name=key]', 'half a key');
  asked.length = 0;
  await clocked.clock.fastForward('02:00');
  expect(await clocked.inputValue('input[name=key]')).toBe('half a key');
  expect(asked).toEqual([]);
  await signIn(plant.key, clocked);
  await shown(clocked);
  asked.length = 0;
  await clocked.clock.fastForward('00:31');
  await vi.waitFor(() => expect(asked).toContain('/v1/metrics'));
  await visit('policies/press', clocked);
  await clocked.fill('textarea', 'half a document');
  await clocked.locator('textarea').blur();
  asked.length = 0;
  await clocked.clock.fastForward('02:00');
  expect(await clocked.inputValue('textarea')).toBe('half a document');
  expect(asked).toEqual([]);
  await watched.close();
});

test('no request has left the origin', () => {
  // The page's icon is in itself, and has no origin.
  expect([...origins].filter((origin) => origin !== 'null')).toEqual([plant.url]);
});

const VIEWPORTS = [
  { width: 390, height: 844 },
  { width: 1280, height: 900 },
];

/** Serious or not. Colours alone differ between light and dark. */
async function violations(on: Page, colorScheme: 'light' | 'dark'): Promise<string[]> {
  const options = colorScheme === 'light' ? {} : { runOnly: ['color-contrast'] };
  const { violations } = (await on.evaluate(`axe.run(${JSON.stringify(options)})`)) as AxeResults;
  return violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0]?.html}`);
}

test('axe finds no fault on any page, on a phone and a screen, in light and dark', async () => {
  // Only so that its script may run; the other tests keep the policy of the page.
  const open = await browser.newContext({ locale: 'en-GB', bypassCSP: true });
  const checked = await open.newPage();
  await checked.addInitScript({ content: axe.source });
  await checked.goto(plant.url);
  await checked.waitForSelector('input[name=key]');
  const found: string[] = [];
  const check = async (name: string) => {
    for (const viewport of VIEWPORTS) {
      await checked.setViewportSize(viewport);
      for (const colorScheme of ['light', 'dark'] as const) {
        await checked.emulateMedia({ colorScheme });
        for (const each of await violations(checked, colorScheme)) {
          found.push(`${name} ${viewport.width} ${colorScheme}: ${each}`);
        }
        const wide = await tooWide(checked);
        if (wide > 0) found.push(`${name} ${viewport.width}: ${wide} pixels too wide`);
      }
    }
  };
  await check('sign-in');
  await signIn(plant.key, checked);
  await checked.waitForSelector('nav');
  const { cases } = await plant.edge('get', '/v1/hard-cases', {
    query: { model: 'press', state: 'all' },
  });
  const { jobs } = await plant.edge('get', '/v1/jobs');
  const details = [`explain/case/${cases[0].id}`, `jobs/${jobs.at(-1)?.id}`];
  for (const name of [...PAGES, ...details]) {
    await visit(name, checked);
    await check(name);
  }
  await checked.getByRole('link', { name: 'Policies' }).click();
  await shown(checked);
  await checked.getByRole('button', { name: 'Try on yesterday’s traffic' }).click();
  await checked.getByRole('group', { name: 'Figure' }).waitFor();
  await check('dry-run');
  await open.close();
  expect(found).toEqual([]);
}, 120_000);
