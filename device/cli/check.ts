// `dandan-gateway check`: tells what is ready and what to do about the rest.
import { InputError } from '@dandan/shared/error';
import { readConfig } from '../config/index.ts';
import { type Check, CheckFailure } from './check-failure.ts';
import { CHECKS } from './checks.ts';
import { EXIT, type Streams } from './output.ts';

interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly fix?: string;
}

export interface CheckOptions {
  readonly config: string;
  readonly json: boolean;
}

function toResult(name: string, error: unknown): CheckResult {
  const detail = error instanceof Error ? error.message : String(error);
  if (error instanceof CheckFailure) return { name, ok: false, detail, fix: error.fix };
  if (!(error instanceof InputError)) return { name, ok: false, detail, fix: 'report this' };
  const { field, allowed } = error;
  return { name, ok: false, detail, fix: `${field} takes ${allowed}` };
}

async function checkAll(file: string): Promise<CheckResult[]> {
  try {
    const { config, secrets } = await readConfig({ file });
    const attempt = async ([name, check]: [string, Check]): Promise<CheckResult> => {
      try {
        return { name, ok: true, detail: await check(config, secrets) };
      } catch (error) {
        return toResult(name, error);
      }
    };
    const others = await Promise.all(Object.entries(CHECKS).map(attempt));
    return [{ name: 'config', ok: true, detail: file }, ...others];
  } catch (error) {
    return [toResult('config', error)];
  }
}

/** Runs all checks. @returns the exit code: 0 when all are ok. */
export async function check({ config, json }: CheckOptions, { out }: Streams): Promise<number> {
  const checks = await checkAll(config);
  const ok = checks.every((result) => result.ok);
  for (const { name, ok: passed, detail, fix } of checks) {
    out(`${passed ? 'ok    ' : 'failed'}  ${name.padEnd(8)}${detail}\n`);
    if (fix !== undefined) out(`        fix: ${fix}\n`);
  }
  if (json) out(`${JSON.stringify({ ok, checks })}\n`);
  return ok ? EXIT.ok : EXIT.failure;
}
