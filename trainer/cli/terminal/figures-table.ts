// A run's figures as a table for people.
import pc from 'picocolors';
import type { Figures } from '../../evaluate/figures.ts';

const cell = (value: number, digits = 2) => value.toFixed(digits).padStart(7);

/** Points; below this, estimates of one data set by two teachers differ as much. */
const NOTABLE_DIFFERENCE = 10;

/** What the answers assume of the classes, where labelled nodes are unlike all nodes. */
function shareLines({
  assumed,
  labelled,
  estimated,
}: NonNullable<Figures['classShares']>): string[] {
  const differences = Object.entries(estimated).map(([name, share]) => ({
    name,
    share,
    given: labelled[name],
    points: Math.abs(share - labelled[name]),
  }));
  const largest = differences.reduce((a, b) => (b.points > a.points ? b : a));
  const { name, share, given } = largest;
  const shares = `class "${name}" has ${given.toFixed(0)} % of the labels and about ${share.toFixed(0)} % of all nodes`;
  if (assumed === 'estimated') return [`  classes as estimated: ${shares}`];
  if (largest.points < NOTABLE_DIFFERENCE) return [];
  return [
    pc.yellow(`  Labels are not like all nodes: ${shares}.`),
    pc.yellow('  Where labels were drawn evenly by class, --class-prior estimated is worth a try;'),
    pc.yellow('  it trades answers of rare classes for those of frequent ones.'),
  ];
}

/** Lines of text: accuracies, stages, exits, quantisation. */
export function figuresTable(figures: Figures): string[] {
  const { stages, exit, quantised } = figures;
  const lines = [
    pc.bold(
      `${figures.model}: ${figures.data}, ${figures.setting}, split ${figures.split}, seed ${figures.seed}`,
    ),
    `  teacher                     ${cell(figures.teacher)} %`,
    `  plain MLP, same labels      ${cell(figures.mlp)} %`,
    `  GLNN, one distilled MLP     ${cell(figures.glnn)} %`,
  ];
  for (const { stage, accuracy, macs, share } of stages) {
    const stops = `stops here ${(100 * share).toFixed(1)} %`;
    lines.push(
      `  stage ${stage}                     ${cell(accuracy)} %   ${macs} MACs   ${stops}`,
    );
  }
  lines.push(
    `  running output, all stages  ${cell(figures.output)} %`,
    `  with early exit             ${cell(exit.accuracy)} %   ${(100 * exit.macsShare).toFixed(1)} % of the MACs, ${(100 * exit.disagreement).toFixed(2)} % of nodes differ`,
    `  batch exit at ${figures.batchExit.threshold}           ${cell(figures.batchExit.accuracy)} %   ${(100 * figures.batchExit.macsShare).toFixed(1)} % of the MACs, all nodes stop at stage ${figures.batchExit.stage}`,
    `  int8 against float32        ${cell(quantised.agreement)} % same class, ${quantised.drop.toFixed(2)} points lost`,
  );
  if (figures.glnn <= figures.mlp && figures.output <= figures.mlp) {
    lines.push(pc.yellow('  The graph did not help on this data: a plain MLP does as well.'));
  }
  if (figures.classShares) lines.push(...shareLines(figures.classShares));
  return lines;
}
