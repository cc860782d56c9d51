// Which code computed a cell: the package's version and, in a checkout, its commit.
import { execFileSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import packageJson from '../package.json' with { type: 'json' };

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** What a result depends on; documents and other results do not change it. */
const SOURCES = ['shared', 'trainer', 'package-lock.json'];

function git(...args: string[]): string {
  // Without optional locks it never stands in the way of somebody's commit.
  return execFileSync('git', ['--no-optional-locks', '-C', ROOT, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}

/** Ends a version whose sources differ from its commit. */
export const CHANGED_MARK = '.changed';

/** E.g. `0.1.0+1a2b3c4d5e6f`, with `.changed` where sources differ from the commit. */
export function codeVersion(): string {
  const { version } = packageJson;
  try {
    // Installed below another repository, its commit would say nothing of this code.
    const own = realpathSync(git('rev-parse', '--show-toplevel')) === realpathSync(ROOT);
    if (!own) return version;
    const changed = git('status', '--porcelain', '--', ...SOURCES) === '' ? '' : CHANGED_MARK;
    return `${version}+${git('rev-parse', '--short=12', 'HEAD')}${changed}`;
  } catch {
    return version;
  }
}
