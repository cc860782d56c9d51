// Whether the policy document can be read: a gateway that cannot read it does not start.
import { decide, wallClock } from '@dandan/shared/policy';
import { readPolicy } from '../../control/policy/index.ts';
import type { Finding } from '../check-failure.ts';

/**
 * @param now milliseconds since the epoch.
 * @throws {InputError} `config-invalid` for what is no policy document.
 */
export async function checkPolicy(file: string, now = Date.now()): Promise<Finding> {
  const document = readPolicy(file);
  const { policy } = decide({ document, at: now });
  const { timeZone } = document;
  return { detail: `${policy} at ${wallClock(timeZone, now)} of ${timeZone}, by ${file}` };
}
