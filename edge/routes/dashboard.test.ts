import { expect, test } from 'vitest';
import { call } from '../testing/edge-client.ts';

const fetched = async (path: string) => {
  const response = await call(`GET ${path}`, { key: null });
  expect(response.status).toBe(200);
  return { response, text: await response.text() };
};

test('the dashboard is a page, a style and a script, all of them from here', async () => {
  const { response, text } = await fetched('/');
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const addresses = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address);
  expect(addresses.sort()).toEqual(['/dashboard/app.css', '/dashboard/app.js', 'data:,']);
  for (const [path, type] of [
    ['/dashboard/app.js', 'text/javascript'],
    ['/dashboard/app.css', 'text/css'],
  ]) {
    const file = await fetched(path);
    expect(file.response.headers.get('content-type')).toBe(`${type}; charset=utf-8`);
    expect(file.text).not.toMatch(/https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
  }
});

test('nothing inline and nothing from elsewhere may run, and no frame may hold it', async () => {
  const { response, text } = await fetched('/');
  const policy = response.headers.get('content-security-policy') ?? '';
  for (const part of [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
  ]) {
    expect(policy).toContain(part);
  }
  expect(policy).not.toContain('unsafe');
  expect(text).not.toMatch(/<script(?![^>]*src=)|<style|\son\w+=|\sstyle=/);
});

test('a browser that has a file is not sent it again', async () => {
  for (const path of ['/', '/dashboard/app.js', '/dashboard/app.css']) {
    const { response } = await fetched(path);
    const etag = response.headers.get('etag') ?? '';
    const again = await call(`GET ${path}`, { key: null, headers: { 'if-none-match': etag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    const other = await call(`GET ${path}`, { key: null, headers: { 'if-none-match': '"x"' } });
    expect(other.status).toBe(200);
  }
});
