// A second Worker beside the edge, which only this process can ask: it calls what no address has.
import { randomBytes } from 'node:crypto';
import type { Miniflare, V4WorkerOptions } from 'miniflare';

const NAME = 'dandan-control';

/** Runs the edge's scheduled handler; the platform would do it at the times of wrangler.toml. */
const SOURCE = `
const encode = (text) => new TextEncoder().encode(text);
export default {
  async fetch(request, { EDGE, SECRET }) {
    const given = encode(request.headers.get('authorization') ?? '');
    const expected = encode('Bearer ' + SECRET);
    if (given.byteLength !== expected.byteLength) return new Response(null, { status: 401 });
    if (!crypto.subtle.timingSafeEqual(given, expected)) return new Response(null, { status: 401 });
    const { cron, time } = await request.json();
    const { outcome } = await EDGE.scheduled({ cron, scheduledTime: new Date(time) });
    return Response.json({ outcome });
  },
};`;

export interface Control {
  readonly worker: V4WorkerOptions;
  /** Runs the scheduled handler to its end. @returns its outcome, `ok` where it did not throw. */
  runScheduled(miniflare: Miniflare, cron: string, time: number): Promise<string>;
}

export function createControl(edge: string): Control {
  const secret = randomBytes(32).toString('base64url');
  return {
    worker: {
      name: NAME,
      compatibilityDate: '2026-08-22',
      compatibilityFlags: ['service_binding_extra_handlers'],
      modules: [{ type: 'ESModule', path: 'control.js', contents: SOURCE }],
      bindings: { SECRET: secret },
      serviceBindings: { EDGE: edge },
      unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
    },
    async runScheduled(miniflare, cron, time) {
      const response = await fetch(await miniflare.unsafeGetDirectURL(NAME), {
        method: 'POST',
        headers: { authorization: `Bearer ${secret}` },
        body: JSON.stringify({ cron, time }),
      });
      if (!response.ok) return `status ${response.status}`;
      const { outcome } = (await response.json()) as { readonly outcome: string };
      return outcome;
    },
  };
}
