// Classes that plant.yaml names, held against those of the labels.
import { nearestNames } from '../../config/nearest-names.ts';
import type { IssueCollector } from '../../data/issues.ts';
import type { Notes } from '../notes.ts';
import type { ReadProject } from '../project/read-project.ts';
import { settingPlace } from '../project/setting-lines.ts';
import type { Telemetry } from '../telemetry.ts';

export interface CheckClassesOptions extends ReadProject {
  /** Of the project, in the order of the answers. */
  readonly classes: readonly string[];
  readonly telemetry: Pick<Telemetry, 'intervals'>;
  readonly issues: IssueCollector;
  readonly notes: Notes;
}

function noteFewClasses({ classes, project, notes }: CheckClassesOptions): void {
  if (classes.length > 0 && !classes.includes(project.normal)) {
    notes.add(
      'class-normal',
      `No class is named '${project.normal}', so false alarms cannot be counted; say \`normal\` in plant.yaml.`,
    );
  }
  if (classes.length === 1) {
    notes.add('class-one', `There is one class, ${classes[0]}: nothing can be told apart yet.`);
  }
  if (classes.length === 0) {
    notes.add(
      'class-none',
      'Nothing is labelled yet: a few incidents in a label sheet are enough.',
    );
  }
}

function checkExclusive(options: CheckClassesOptions): void {
  const { project, classes, issues } = options;
  project.exclusive?.forEach((list, at) => {
    list.forEach((name, position) => {
      const isRepeated = list.indexOf(name) < position;
      if (classes.includes(name) && !isRepeated) return;
      issues.report({
        code: 'config-invalid',
        message: isRepeated
          ? `'${name}' stands twice in a list`
          : `'${name}' is none of the classes`,
        field: settingPlace(options, ['exclusive', at, position]),
        value: name,
        allowed: isRepeated ? 'each class once' : `one of ${classes.join(', ')}`,
      });
    });
  });
}

/**
 * Reports classes of label columns, `labels.otherwise` and `exclusive` that are none of the classes: a misspelt
 * one would label everything, or nothing. Those of the sheets are checked where they are read.
 */
export function checkClasses(options: CheckClassesOptions): void {
  const { project, telemetry, classes, issues } = options;
  const { otherwise } = project.labels;
  const named = new Set(telemetry.intervals.map((interval) => interval.class));
  for (const name of [...named].filter((each) => !classes.includes(each))) {
    issues.report({
      code: 'data-invalid',
      message: `The files' column of classes holds '${name}', which \`classes\` does not list`,
      field: settingPlace(options, ['classes']),
      value: name,
      allowed: `one of ${nearestNames(name, classes).join(', ')}`,
    });
  }
  if (otherwise !== undefined && !classes.includes(otherwise)) {
    issues.report({
      code: 'config-invalid',
      message: `'${otherwise}' is none of the classes`,
      field: settingPlace(options, ['labels', 'otherwise']),
      value: otherwise,
      allowed: `one of ${classes.join(', ')}`,
    });
  }
  checkExclusive(options);
  noteFewClasses(options);
}
