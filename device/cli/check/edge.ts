// Whether the edge will answer this gateway: reachable, knows the key, knows the bundle.
import type { QuantisedRows } from '@dandan/shared/kernel';
import type { LocalModel } from '../../models/cascade/index.ts';
import { createEdgeClient } from '../../uplink/escalation/index.ts';
import { CHECK_TIMEOUT_MS, CheckFailure, type Finding } from '../check-failure.ts';

const SEE_EDGE = 'see that the edge runs and that edge.url is its base URL';

/** Asks the edge whether it is well. @returns the headers of its answer. @throws {CheckFailure} */
export async function reachEdge(url: string): Promise<Headers> {
  const base = url.endsWith('/') ? url : `${url}/`;
  try {
    const response = await fetch(new URL('healthz', base), {
      redirect: 'error',
      signal: AbortSignal.timeout(CHECK_TIMEOUT_MS),
    });
    await response.body?.cancel();
    if (!response.ok) throw new CheckFailure(`answers HTTP ${response.status}`, SEE_EDGE);
    return response.headers;
  } catch (error) {
    if (error instanceof CheckFailure) throw error;
    const { name, cause } = error as Error & { cause?: { code?: string; message?: string } };
    throw new CheckFailure(`no answer: ${cause?.code ?? cause?.message ?? name}`, SEE_EDGE);
  }
}

/** A row that any edge with the bundle answers: every feature at its mean. */
function meanRow({ cascade: { input } }: LocalModel): QuantisedRows {
  const { width, sparse, zeroPoint } = input;
  if (!sparse)
    return { kind: 'dense', count: 1, width, codes: new Uint8Array(width).fill(zeroPoint) };
  const none = { indices: new Int32Array(0), codes: new Uint8Array(0) };
  return { kind: 'sparse', count: 1, width, offsets: new Int32Array(2), ...none };
}

export interface EdgeCheckOptions {
  readonly url: string;
  readonly key: string;
  /** `undefined`: it cannot be read, which another check reports. */
  readonly model: LocalModel | undefined;
}

/** Escalates one row as the gateway would; an escalation changes nothing at the edge. */
export async function checkEdge({ url, key, model }: EdgeCheckOptions): Promise<Finding> {
  await reachEdge(url);
  if (model === undefined) {
    return { detail: 'answers; its key can be tried once the bundle can be read' };
  }
  const client = createEdgeClient({ url, key, timeoutMs: CHECK_TIMEOUT_MS });
  const batch = { rows: meanRow(model), bundle: model.sha256, model: model.name };
  const outcome = await client.escalate(batch, AbortSignal.timeout(2 * CHECK_TIMEOUT_MS));
  switch (outcome.kind) {
    case 'answered':
      return { detail: `answers, and knows the key and the bundle ${model.sha256.slice(0, 12)}` };
    case 'unauthorised':
      throw new CheckFailure(
        `refuses the key: ${outcome.reason}`,
        'make a key of scope device at the edge and store it where edge.keyEnv or edge.keyFile says',
      );
    case 'refused':
      throw new CheckFailure(
        `does not answer rows of this bundle: ${outcome.reason}`,
        'upload the bundle: dandan push',
      );
    case 'unavailable':
      throw new CheckFailure(`answers no rows: ${outcome.reason}`, SEE_EDGE);
  }
}
