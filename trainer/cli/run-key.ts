// Names a run by everything that fixes its result, so that only its own
// checkpoint is ever resumed.
import { sha256Hex } from '@dandan/shared/bundle';

export function runKey(parts: Readonly<Record<string, unknown>>): Promise<string> {
  return sha256Hex(new TextEncoder().encode(JSON.stringify(parts)));
}
