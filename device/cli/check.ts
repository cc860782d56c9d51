// `dandan-gateway check`: tells what is ready and what to do about the rest.
import { InputError } from '@dandan/shared/error';
import { readConfig } from '../config/index.ts';
import { withSignal } from '../retry/index.ts';
import { planChecks } from './check/plan-checks.ts';
import { type CheckResult, renderChecks } from './check/table.ts';
import { CHECK_TIMEOUT_MS, type Check, CheckFailure } from './check-failure.ts';
import { EXIT, type Streams } from './output.ts';

/** Where stdout is no terminal: what mails and tickets show without breaking lines. */
const DEFAULT_WIDTH = 80;

/**
 * A check has limits of its own for what it waits for; this one is for what cannot be ended, as a
 * folder of a network file system that hangs.
 */
const DEADLINE_MS = 3 * CHECK_TIMEOUT_MS;

export interface CheckOptions {
  readonly config: string;
  readonly json: boolean;
}

function failed(name: string, error: unknown): CheckResult {
  const detail = error instanceof Error ? error.message : String(error);
  const common = { name, ok: false, state: 'failed', detail } as const;
  if (error instanceof CheckFailure) return { ...common, fix: error.fix };
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    const seconds = DEADLINE_MS / 1000;
    return { ...common, detail: `no end within ${seconds} s`, fix: 'see what it waits for' };
  }
  if (!(error instanceof InputError)) return { ...common, fix: 'report this' };
  const { field, allowed } = error;
  return { ...common, fix: field === undefined ? String(allowed) : `${field} takes ${allowed}` };
}

async function attempt([name, check]: readonly [string, Check]): Promise<CheckResult> {
  try {
    const { detail, warning } = await withSignal(check(), AbortSignal.timeout(DEADLINE_MS));
    if (warning === undefined) return { name, ok: true, state: 'ok', detail };
    return { name, ok: true, state: 'warning', detail, fix: warning };
  } catch (error) {
    return failed(name, error);
  }
}

async function checkAll(configFile: string): Promise<CheckResult[]> {
  try {
    const { config, secrets } = await readConfig({ file: configFile });
    const others = await Promise.all(planChecks({ configFile, config, secrets }).map(attempt));
    return [{ name: 'config', ok: true, state: 'ok', detail: configFile }, ...others];
  } catch (error) {
    return [failed('config', error)];
  }
}

/** Runs all checks. @returns the exit code: 0 when none failed, warnings or not. */
export async function check({ config, json }: CheckOptions, { out }: Streams): Promise<number> {
  const checks = await checkAll(config);
  const ok = checks.every((result) => result.ok);
  const { isTTY, columns } = process.stdout;
  const colour = isTTY === true && !process.env.NO_COLOR;
  out(renderChecks(checks, { width: columns ?? DEFAULT_WIDTH, colour }));
  if (json) out(`${JSON.stringify({ ok, checks })}\n`);
  return ok ? EXIT.ok : EXIT.failure;
}
