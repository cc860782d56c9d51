// A YAML or JSON document from a file, with the line of whatever is wrong in it.
import { readFile, stat } from 'node:fs/promises';
import { InputError } from '@dandan/shared/error';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';

type Path = readonly PropertyKey[];

export interface ReadYamlOptions {
  readonly file: string;
  /** The file as errors call it. @default {file} */
  readonly name?: string | undefined;
  /** The option or the part of the configuration that named it. */
  readonly field: string;
  /** Larger files are refused unread. */
  readonly maxBytes: number;
  /** What the file may be, with an example. */
  readonly allowed: string;
}

/** A document as it stands in its file. */
export interface YamlFile {
  /** The file as errors call it. */
  readonly name: string;
  /** Plain data, unchecked. */
  readonly json: unknown;
  /** Line of the value at `path`, or of the nearest parent that is there; 1-based. */
  lineOf(path: Path): number;
  /** The plain value at `path`; `undefined` where it is none or a list or a map. */
  valueAt(path: Path): unknown;
}

function invalid(
  field: string,
  message: string,
  value: unknown,
  allowed: string,
  cause?: unknown,
): InputError {
  return new InputError('config-invalid', message, { field, value, allowed, cause });
}

async function readBytes({ file, field, maxBytes, allowed }: ReadYamlOptions): Promise<Buffer> {
  try {
    const { size } = await stat(file);
    if (size > maxBytes) {
      throw invalid(field, `'${file}' has ${size} bytes`, size, `at most ${maxBytes} bytes`);
    }
    return await readFile(file);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError('data-missing', `Cannot read '${file}'`, {
      field,
      value: file,
      allowed,
      cause,
    });
  }
}

/** A file that an older editor wrote in Shift-JIS or UTF-16 would read as garbage, not fail. */
function decode(name: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    const message = `${name} is not UTF-8 text`;
    throw invalid(name, message, undefined, 'a file that was saved as UTF-8', cause);
  }
}

/** Where the key of `path` stands, which is above a value that is a list or a map. */
function offsetOf(document: Document, path: Path): number | undefined {
  const parent = path.length === 0 ? undefined : document.getIn(path.slice(0, -1), true);
  const pair = isMap(parent)
    ? parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(path.at(-1)))
    : undefined;
  const node = pair?.key ?? document.getIn(path, true);
  return isNode(node) && node.range ? node.range[0] : undefined;
}

/**
 * Reads a document and unfolds its aliases.
 *
 * @throws {InputError} `data-missing`; `config-invalid` for what is too large, is not UTF-8, is no
 * YAML (with field `file:line`) or unfolds to too much.
 */
export async function readYaml(options: ReadYamlOptions): Promise<YamlFile> {
  const { file, name = file, allowed } = options;
  const text = decode(name, await readBytes(options));
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    const field = `${name}:${lines.linePos(error.pos[0]).line}`;
    throw invalid(field, `${field} is not YAML: ${error.message}`, undefined, allowed);
  }
  let json: unknown;
  try {
    json = document.toJS();
  } catch (cause) {
    const message = `${name} cannot be unfolded: ${(cause as Error).message}`;
    throw invalid(name, message, undefined, allowed);
  }
  return {
    name,
    json,
    lineOf(path) {
      for (let depth = path.length; depth >= 0; depth--) {
        const offset = offsetOf(document, path.slice(0, depth));
        if (offset !== undefined) return lines.linePos(offset).line;
      }
      return 1;
    },
    valueAt(path) {
      const value = path.length === 0 ? undefined : document.getIn(path);
      return isNode(value) ? undefined : value;
    },
  };
}
