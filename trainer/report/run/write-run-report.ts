// From the files of a run and its data to the page.
import { InputError } from '@dandan/shared/error';
import type { GraphData, Split } from '../../graph/graph-data.ts';
import { ANSWERS_FILE } from '../../run/answers/answers-file.ts';
import { writeFileAtomic } from '../../run/write-file-atomic.ts';
import { collectRunFacts, type RunFacts, type RunProvenance } from './facts/run-facts.ts';
import type { RunFiles } from './read-run.ts';
import { toRunPage } from './run-page.ts';
import { createRunReport } from './run-report.ts';
import { LANGUAGES, type Language } from './say.ts';

export interface RunReportOptions {
  readonly files: RunFiles;
  /** The data of the run, read again as its bundle says. */
  readonly data: {
    readonly graph: GraphData;
    readonly split: Split;
    readonly provenance: RunProvenance;
  };
  /** Where the page goes. */
  readonly out: string;
  /** Shown first; the page holds both. @default {'en'} */
  readonly language?: Language | undefined;
  /** Class in which nothing is wrong. @default {the plant's, else found by its name} */
  readonly normal?: string | undefined;
  /** Of the model, for its card. */
  readonly licence?: string | undefined;
}

/** A report about other data than the run's would be wrong without a sign of it. */
function checkData({ files, data }: RunReportOptions): void {
  const { graph, split, provenance } = data;
  if (graph.sha256 !== provenance.dataSha256) {
    throw new InputError(
      'data-invalid',
      `${graph.name} is not the data of the run, or has changed`,
      {
        field: '--data',
        value: graph.sha256,
        allowed: provenance.dataSha256,
      },
    );
  }
  const { nodes } = files.answers.answers;
  if (nodes.length !== split.test.length || nodes.some((node, i) => node !== split.test[i])) {
    throw new InputError('data-invalid', `${ANSWERS_FILE} is of other test nodes than the data`, {
      field: '--data',
      value: `${split.test.length} test nodes`,
      allowed: `the ${nodes.length} of the run: the split may have been edited`,
    });
  }
  const { teacher, mlp, glnn } = files.answers.answers;
  const classes = graph.classes.length;
  for (const [method, answers] of Object.entries({ teacher, mlp, glnn })) {
    if (answers.classes.every((value) => value >= 0 && value < classes)) continue;
    throw new InputError('data-invalid', `${ANSWERS_FILE} has classes that the data lacks`, {
      field: `${method}.classes`,
      value: Math.max(...answers.classes),
      allowed: `0..${classes - 1}`,
    });
  }
}

/**
 * Writes the report of a run.
 *
 * @returns what the page says, as numbers.
 * @throws {InputError} `data-invalid` where data, bundle and answers are not of one run;
 * `option-invalid`, `output-unwritable`.
 */
export async function writeRunReport(options: RunReportOptions): Promise<RunFacts> {
  checkData(options);
  const { files, data, out, language = 'en', normal, licence } = options;
  const { bundle, sha256, bytes, answers } = files;
  const facts = collectRunFacts({
    bundle,
    sha256,
    bytes,
    ...data,
    answers: answers.answers,
    normal,
    licence,
  });
  const order = [language, ...LANGUAGES.filter((other) => other !== language)];
  await writeFileAtomic(out, toRunPage(order.map((each) => createRunReport(facts, each))));
  return facts;
}
