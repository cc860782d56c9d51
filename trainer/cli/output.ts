// Where a command's words go: for people on stdout, or with --json on stderr,
// so that the last line of stdout is one JSON object.

export interface Output {
  readonly json: boolean;
  /** A line for people. */
  line(text?: string): void;
  /** The command's figures: the last line of stdout under --json. */
  result(figures: unknown): void;
}

export function createOutput(json: boolean): Output {
  return {
    json,
    line: (text = '') => {
      (json ? process.stderr : process.stdout).write(`${text}\n`);
    },
    result: (figures) => {
      if (json) process.stdout.write(`${JSON.stringify(figures)}\n`);
    },
  };
}
