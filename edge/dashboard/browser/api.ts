// Calls of the edge, typed by its routes; the cookie of the session goes along by itself.
import { createClient, EdgeProblem } from '../../client/client.ts';
import { t } from './i18n/index.ts';

export const edge = createClient({ url: location.origin });

/** Whether a call failed because nobody is signed in any more. */
export const isSignedOut = (error: unknown): boolean =>
  error instanceof EdgeProblem && error.status === 401;

/** Whether a call failed because there is no such thing. */
export const isMissing = (error: unknown): boolean =>
  error instanceof EdgeProblem && error.status === 404;

/** Why something failed, in a sentence. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof EdgeProblem)) return t('app.offline');
  const { problem } = error;
  if (problem === undefined) return error.message;
  return problem.allowed === undefined ? error.message : `${error.message}: ${problem.allowed}`;
}
