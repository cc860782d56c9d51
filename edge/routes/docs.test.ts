import { expect, test } from 'vitest';
import { call } from '../testing/edge-client.ts';

interface Documented {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly summary: string }>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

const document = async () => (await call('GET /openapi.json', { key: null })).json<Documented>();

const page = async () => (await call('GET /docs', { key: null })).text();

test('GET /docs names every route and schema of the document, and links lead somewhere', async () => {
  const [{ paths, components }, text] = [await document(), await page()];
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { summary }]) => ({ path, method, summary })),
  );
  expect(operations.length).toBeGreaterThan(12);
  for (const { path, method, summary } of operations) {
    expect(text).toContain(`<span class="method">${method}</span> <code>${path}</code>`);
    expect(text).toContain(`${summary}</a>`);
  }
  for (const name of Object.keys(components.schemas)) {
    expect(text).toContain(`<details id="schema-${name}">`);
  }
  const ids = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const targets = [...text.matchAll(/href="#([^"]+)"/g)].map(([, target]) => target);
  expect(targets.length).toBeGreaterThan(operations.length);
  for (const target of targets) expect(ids).toContain(target);
});

test('GET /docs runs no script and loads nothing but its own style', async () => {
  const response = await call('GET /docs', { key: null });
  expect(response.headers.get('content-type')).toBe('text/html; charset=UTF-8');
  const policy = response.headers.get('content-security-policy');
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("style-src 'self'");
  expect(policy).not.toContain('unsafe');
  const text = await response.text();
  expect(text).not.toMatch(/<script|<style| style=| on[a-z]+=|undefined|\[object/);
  expect([...text.matchAll(/https?:\/\//g)]).toEqual([]);
  const style = await call('GET /docs/style.css', { key: null });
  expect(style.headers.get('content-type')).toBe('text/css; charset=utf-8');
  expect(await style.text()).toContain('prefers-color-scheme:dark');
});

test('other routes stay sealed', async () => {
  for (const path of ['/v1', '/healthz', '/docsx', '/dashboard', '/v1/models']) {
    const response = await call(`GET ${path}`, { key: null });
    expect(response.headers.get('content-security-policy')).not.toContain('style-src');
  }
});
