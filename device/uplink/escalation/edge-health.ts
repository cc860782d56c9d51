// Whether the edge answers over HTTPS, asked without key and rows.

/** The edge's answer to this is some twenty bytes; a captive portal's page is none of it. */
const MAX_HEALTH_BYTES = 1024;

export interface EdgeHealthOptions {
  /** Base URL of the edge. */
  readonly url: string;
  readonly timeoutMs: number;
}

/** A function that never throws; a page of somebody else is no health. */
export function createEdgeHealth({ url, timeoutMs }: EdgeHealthOptions): () => Promise<boolean> {
  const target = new URL('healthz', url.endsWith('/') ? url : `${url}/`);
  return async function isHealthy() {
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await fetch(target, { redirect: 'error', signal });
      const length = Number(response.headers.get('content-length') ?? 0);
      if (!response.ok || length > MAX_HEALTH_BYTES) {
        await response.body?.cancel();
        return false;
      }
      const { status } = (await response.json()) as { status?: unknown };
      return status === 'ok';
    } catch {
      return false;
    }
  };
}
