// Policies, their differences and dry-runs in words and columns.
import { describePolicy, diffPolicies, type PolicyDocument } from '@dandan/shared/policy';
import pc from 'picocolors';
import type {
  DecisionAnswer,
  DryRunAnswer,
  PolicyAnswer,
} from '../../edge-client/policy-answers.ts';

type Side = DryRunAnswer['was'];

/** A document, one sentence a line, and what it decides now. */
export function policyLines(
  { model, version, created, document }: PolicyAnswer,
  decision: DecisionAnswer | undefined,
): string[] {
  const title = pc.bold(`${model}: version ${version} of ${created.slice(0, 16)}Z`);
  const lines = [title, ...describePolicy(document).map((line) => `  ${line}`)];
  if (decision === undefined) return lines;
  const { local, policy, maxStage, reasons, nextChange } = decision;
  const cap = maxStage === null ? '' : `, at most stage ${maxStage}`;
  const until = nextChange === null ? 'for good' : `until ${nextChange.slice(0, 16)}Z`;
  const why = reasons.map(({ text }) => text).join('; ');
  return [...lines, `now (${local}): ${policy}${cap}, ${until}: ${why}`];
}

/** What a new document says anew, and what the one before said. */
export function differenceLines(
  before: PolicyDocument | undefined,
  after: PolicyDocument,
): string[] {
  const { removed, added } = diffPolicies(before, after);
  if (removed.length + added.length === 0) return ['  no difference'];
  return [
    ...removed.map((line) => pc.red(`  - ${line}`)),
    ...added.map((line) => pc.green(`  + ${line}`)),
  ];
}

const percent = (share: number | null) => (share === null ? '' : `${(100 * share).toFixed(2)} %`);

const both = (was: string, wouldBe: string) => (was === wouldBe ? was : `${was} → ${wouldBe}`);

function cells(label: string, was: Side, wouldBe: Side): string[] {
  const of = (word: (side: Side) => string) => both(word(was), word(wouldBe));
  return [
    label,
    `${Math.round(was.nodes)}`,
    of(({ policies }) => Object.keys(policies).join('+')),
    of(({ exits }) => exits.map(Math.round).join(' ')),
    of(({ macs }) => macs.toPrecision(3)),
    of(({ usd }) => usd.toPrecision(3)),
    of(({ agreement }) => percent(agreement)),
  ];
}

/** Hours with traffic, their sum, and what the figures leave open. */
export function dryRunLines(run: DryRunAnswer): string[] {
  const { model, date, timeZone, hours, was, wouldBe, moved, notes } = run;
  const head = ['hour', 'nodes', 'policy', 'stopped at stage 1, 2, …', 'MACs', 'US$', 'agreement'];
  const rows = [
    head,
    ...hours.map((hour) => cells(hour.local.slice(11), hour.was, hour.wouldBe)),
    cells('day', was, wouldBe),
  ];
  const widths = head.map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  const line = (row: string[]) => row.map((cell, i) => cell.padEnd(widths[i])).join('  ');
  const share = was.nodes > 0 ? (100 * moved) / was.nodes : 0;
  return [
    pc.bold(`${model}, ${date} (${timeZone}): as it was → as it would have been`),
    ...rows.map((row) => `  ${line(row).trimEnd()}`),
    `At least ${Math.round(moved)} nodes (${share.toFixed(1)} %) would have stopped at another stage.`,
    ...notes.map((note) => pc.dim(`  ${note}`)),
  ];
}
