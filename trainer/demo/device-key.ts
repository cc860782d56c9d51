// Enrols the demo's gateway at the edge, as an operator would.
import * as z from 'zod';
import { createEdgeClient } from '../edge-client/edge-client.ts';
import type { DemoEdge } from './edge-process.ts';

const createdKey = z.object({ key: z.string() });

export async function createDeviceKey(
  { url, operatorKey }: DemoEdge,
  name: string,
  signal: AbortSignal,
): Promise<string> {
  const client = createEdgeClient({ edge: url, key: operatorKey, signal });
  return createdKey.parse(await client.createKey(name, 'device')).key;
}
