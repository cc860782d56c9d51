import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { createLogger } from '../log/index.ts';
import { createMetrics } from '../metrics/index.ts';
import { type ExpositionOptions, startExposition } from './exposition-server.ts';
import type { Family } from './family.ts';
import { gatewayFamilies, snapshotFamilies } from './gateway-families.ts';
import { createHistogram } from './histogram.ts';
import { renderFamilies } from './render.ts';

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const SAMPLE =
  /^([a-zA-Z_][a-zA-Z0-9_]*)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*",?)+)\})? (NaN|[+-]Inf|-?\d+(?:\.\d+)?(?:e[+-]\d+)?)$/;

/** Every line by the grammar of the text format; names and types as its guide wants them. */
function parseStrictly(text: string) {
  expect(text.endsWith('\n')).toBe(true);
  const types = new Map<string, string>();
  const samples = new Map<string, number>();
  let current = '';
  let helped = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const help = /^# HELP (\S+) \S.*$/.exec(line);
    const type = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(line);
    if (help) helped = help[1];
    else if (type) {
      current = type[1];
      expect(helped).toBe(current);
      expect(types.has(current)).toBe(false);
      types.set(current, type[2]);
      if (type[2] === 'counter') expect(current).toMatch(/_total$/);
    } else {
      const [, name, labels = '', value] = SAMPLE.exec(line) ?? [];
      expect(name, line).toBeDefined();
      const suffix = types.get(current) === 'histogram' ? '(_bucket|_sum|_count)' : '';
      expect(name).toMatch(new RegExp(`^${current}${suffix}$`));
      const key = `${name}{${labels}}`;
      expect(samples.has(key)).toBe(false);
      samples.set(key, Number(value.replace('Inf', 'Infinity')));
    }
  }
  return { types, samples };
}

function allFamilies(): Family[] {
  const metrics = createMetrics({ stages: 2, pending: () => 7, now: () => 5 });
  metrics.add('samples', 3);
  metrics.add('bytesUp', 1e15);
  metrics.answeredAt(2);
  const latency = createHistogram();
  for (const seconds of [0.0004, 0.0005, 0.02, 100]) latency.observe(seconds);
  return gatewayFamilies({
    metrics: metrics.snapshot(),
    version: '0.1.0',
    since: 1_767_592_800_123,
    brokerConnected: true,
    latency: latency.snapshot(),
    others: snapshotFamilies({
      part: 'journal',
      help: { bytesWritten: { help: 'Bytes.' }, segments: { help: 'Files.', kind: 'gauge' } },
      snapshots: [{ values: { bytesWritten: 10, segments: 2 }, labels: { model: 'a"b\\c\nd' } }],
    }),
  });
}

test('the families of a gateway keep to the text format', () => {
  const { types, samples } = parseStrictly(renderFamilies(allFamilies()));
  expect(types.get('dandan_gateway_samples_total')).toBe('counter');
  expect(types.get('dandan_gateway_pending')).toBe('gauge');
  expect(samples.get('dandan_gateway_samples_total{}')).toBe(3);
  expect(samples.get('dandan_gateway_answers_total{stage="2"}')).toBe(1);
  expect(samples.get('dandan_gateway_start_time_seconds{}')).toBe(1_767_592_800.123);
  expect(
    samples.get(String.raw`dandan_gateway_journal_bytes_written_total{model="a\"b\\c\nd"}`),
  ).toBe(10);
  expect(samples.get('dandan_gateway_answer_seconds_bucket{le="0.0005"}')).toBe(2);
  expect(samples.get('dandan_gateway_answer_seconds_bucket{le="30"}')).toBe(3);
  expect(samples.get('dandan_gateway_answer_seconds_bucket{le="+Inf"}')).toBe(4);
  expect(samples.get('dandan_gateway_answer_seconds_count{}')).toBe(4);
});

test("promtool finds nothing to say about a gateway's metrics", ({ skip }) => {
  const found = spawnSync('promtool', ['--version']);
  skip(found.error !== undefined, 'promtool is not installed (Debian: prometheus)');
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
    input: renderFamilies(allFamilies()),
    encoding: 'utf8',
  });
  expect(`${stdout}${stderr}`).toBe('');
  expect(status).toBe(0);
});

test('any label value and number can be written', () => {
  const value = fc.oneof(fc.double(), fc.integer());
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), value, (label, help, number) => {
      const series = [{ labels: { label }, value: number }];
      const text = renderFamilies([{ name: 'a', help: `x${help}`, kind: 'gauge', series }]);
      const { samples } = parseStrictly(text);
      expect([...samples.values()]).toEqual([Object.is(number, -0) ? 0 : number]);
    }),
  );
});

test('names that Prometheus does not take, and names given twice, are refused', () => {
  const family = (name: string, label = 'a'): Family => {
    return { name, help: 'x', kind: 'gauge', series: [{ labels: { [label]: '' }, value: 1 }] };
  };
  expect(() => renderFamilies([family('1a')])).toThrow(RangeError);
  expect(() => renderFamilies([family('a', 'b-c')])).toThrow(RangeError);
  expect(() => renderFamilies([family('a'), family('a')])).toThrow(RangeError);
  expect(renderFamilies([{ name: 'a', help: 'x', kind: 'counter', series: [] }])).toBe('');
});

test('a histogram counts every duration once, and no negative one', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1, max: 100, noNaN: true })), (values) => {
      const histogram = createHistogram([1, 10]);
      for (const value of [...values, Number.NaN]) histogram.observe(value);
      const real = values.filter((value) => value >= 0);
      const { counts } = histogram.snapshot();
      expect(counts).toEqual([
        real.filter((value) => value <= 1).length,
        real.filter((value) => value > 1 && value <= 10).length,
        real.filter((value) => value > 10).length,
      ]);
    }),
  );
});

async function serve(options: Partial<ExpositionOptions> = {}) {
  const lines: string[] = [];
  const server = await startExposition({
    port: 0,
    families: allFamilies,
    health: () => ({ ok: true, reasons: [] }),
    log: createLogger({ write: (line) => lines.push(line) }),
    ...options,
  });
  cleanups.push(async () => server[Symbol.asyncDispose]());
  return { url: server.url, lines };
}

test('the port answers Prometheus, and tells health by status and reasons', async () => {
  let ok = true;
  const reasons = [{ code: 'broker-away', message: 'No connection for 61 s.' }];
  const { url } = await serve({ health: () => ({ ok, reasons: ok ? [] : reasons }) });
  const metrics = await fetch(`${url}/metrics?x=1`);
  expect(metrics.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  parseStrictly(await metrics.text());
  const well = await fetch(`${url}/healthz`);
  expect([well.status, await well.json()]).toEqual([200, { ok: true, reasons: [] }]);
  ok = false;
  const ill = await fetch(`${url}/healthz`);
  expect([ill.status, await ill.json()]).toEqual([503, { ok: false, reasons }]);
  const head = await fetch(`${url}/metrics`, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
});

test('the port answers nothing else', async () => {
  const { url } = await serve();
  expect((await fetch(url)).status).toBe(404);
  expect((await fetch(`${url}/metrics/`)).status).toBe(404);
  const post = await fetch(`${url}/metrics`, { method: 'POST', body: 'x'.repeat(1e6) }).catch(
    () => undefined,
  );
  // Node may see the connection end while it still sends.
  if (post !== undefined) expect(post.status).toBe(405);
  const long = await fetch(`${url}/metrics`, { headers: { x: 'y'.repeat(9000) } }).catch(() => {});
  expect(long).toBeUndefined();
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});

test('figures that cannot be made are told in the log, not to the caller', async () => {
  const { url, lines } = await serve({
    families: () => {
      throw new Error('the key is hunter2');
    },
  });
  const answer = await fetch(`${url}/metrics`);
  expect([answer.status, await answer.text()]).toEqual([500, 'failed\n']);
  expect(lines.join()).toContain('exposition-failed');
});

test('connections that say nothing do not keep others out for long', async () => {
  const { url } = await serve();
  const { port } = new URL(url);
  const idle = Array.from({ length: 40 }, () => connect(Number(port), '127.0.0.1'));
  for (const socket of idle) socket.on('error', () => {});
  // Those beyond the limit are closed at once.
  await Promise.race(idle.map((socket) => once(socket, 'close')));
  for (const socket of idle) socket.destroy();
  await expect
    .poll(
      () =>
        fetch(`${url}/healthz`).then(
          ({ status }) => status,
          () => 0,
        ),
      { timeout: 9000 },
    )
    .toBe(200);
});

test('a port that is taken, or an address that is not here, is refused by field', async () => {
  const { url } = await serve();
  const port = Number(new URL(url).port);
  for (const options of [{ port }, { port: 0, host: '192.0.2.1' }]) {
    await expect(serve(options)).rejects.toMatchObject({
      code: 'config-invalid',
      field: 'exposition.port',
    });
  }
});
