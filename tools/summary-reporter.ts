// Vitest reporter that ends a run with the plain line `N passed, N failed`.
// It goes last in the list of reporters.
import type { Reporter, SerializedError, TestModule } from 'vitest/node';
import { summarise, type TestOutcome } from './summary.ts';

function outcomesOf(module: TestModule): TestOutcome[] {
  return [...module.children.allTests()].map((test) => {
    const result = test.result();
    return {
      name: `${module.project.name} ${module.relativeModuleId} > ${test.fullName}`,
      state: result.state,
      note: result.state === 'skipped' ? result.note : undefined,
    };
  });
}

/** Errors of the module itself and of its suites' hooks, which leave their tests skipped. */
function errorsOf(module: TestModule): number {
  const suites = [...module.children.allSuites()];
  return [module, ...suites].filter((item) => item.errors().length > 0).length;
}

export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const errors = modules.reduce((sum, module) => sum + errorsOf(module), unhandled.length);
    const lines = summarise(modules.flatMap(outcomesOf), errors);
    // Vitest still prints on its way out; only the exit of the process is later.
    process.once('exit', () => process.stdout.write(`${lines.join('\n')}\n`));
  }
}
