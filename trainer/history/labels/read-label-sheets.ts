// Label sheets: which machine was in which class from when to when, as people wrote it down.
import { InputError } from '@dandan/shared/error';
import { type IssueCollector, shorten } from '../../data/issues.ts';
import { MAX_CLASS_NAME_CHARACTERS } from '../../data/limits.ts';
import type { Notes } from '../notes.ts';
import type { LabelSheets } from '../project/labels-section.ts';
import { findSheets } from '../sheet/find-sheets.ts';
import {
  cellText,
  readSheet,
  type Sheet,
  type SheetColumn,
  type SheetRow,
} from '../sheet/read-sheet.ts';
import { createLabelClock, type LabelClock } from './label-clock.ts';
import { DURATION_WORDS, parseDuration } from './parse-duration.ts';
import type { SheetInterval } from './sheet-interval.ts';

const COLUMNS: readonly SheetColumn[] = [
  { key: 'asset', titles: ['asset', 'machine', 'equipment', '設備'] },
  { key: 'run', titles: ['run', 'batch', 'ラン', 'バッチ'] },
  { key: 'from', titles: ['from', 'start', 'begin', '開始'], isNeeded: true },
  { key: 'to', titles: ['to', 'end', 'until', '終了'] },
  { key: 'duration', titles: ['duration', '時間'] },
  { key: 'class', titles: ['class', 'label', 'state', 'クラス', '状態'], isNeeded: true },
  { key: 'note', titles: ['note', 'notes', 'comment', 'remark', '備考'] },
];

/** Stands for all machines. */
const ALL = '*';

export interface ReadLabelSheetsOptions {
  readonly folder: string;
  readonly labels: LabelSheets;
  /** Of times without an offset, where the sheets have no zone of their own. */
  readonly timeZone: string;
  /** The setting `labels.files`, for errors. */
  readonly field: string;
  readonly issues: IssueCollector;
  readonly notes: Notes;
  readonly signal?: AbortSignal | undefined;
}

interface Context {
  readonly sheet: Sheet;
  readonly clock: LabelClock;
}

/** @throws {InputError} `data-invalid`, by file, line and column. */
function refuse(
  { sheet }: Context,
  row: SheetRow,
  key: string,
  message: string,
  allowed: string,
): never {
  const column = sheet.titles[key] ?? key;
  throw new InputError('data-invalid', `${sheet.name} ${sheet.unit} ${row.line}: ${message}`, {
    field: `${sheet.name}:${row.line}:${column}`,
    value: shorten(cellText(row.cells[key])),
    allowed,
  });
}

function timeOf(context: Context, row: SheetRow, key: string): number {
  const cell = row.cells[key];
  if (cellText(cell) === '') {
    refuse(context, row, key, 'the time is missing', `a time; only 'to' may be left open`);
  }
  const time = context.clock.read(cell);
  return time ?? refuse(context, row, key, 'no such time', context.clock.allowed);
}

function endOf(context: Context, row: SheetRow, from: number): number {
  const duration = cellText(row.cells.duration);
  if (cellText(row.cells.to) !== '') {
    const to = timeOf(context, row, 'to');
    if (to < from) refuse(context, row, 'to', 'ends before it begins', `a time after 'from'`);
    return to;
  }
  if (duration === '') return Number.POSITIVE_INFINITY;
  const ms = parseDuration(duration);
  return ms === undefined
    ? refuse(context, row, 'duration', 'no such duration', DURATION_WORDS)
    : from + ms;
}

function readInterval(context: Context, row: SheetRow): SheetInterval {
  const { cells, line } = row;
  const name = cellText(cells.class);
  if (name === '') refuse(context, row, 'class', 'the class is missing', 'the name of a class');
  if (name.length > MAX_CLASS_NAME_CHARACTERS) {
    const allowed = `at most ${MAX_CLASS_NAME_CHARACTERS} characters`;
    refuse(context, row, 'class', 'the class is too long', allowed);
  }
  const [asset, run] = [cellText(cells.asset), cellText(cells.run)];
  const from = timeOf(context, row, 'from');
  const to = endOf(context, row, from);
  return {
    asset: asset === '' || asset === ALL ? undefined : asset,
    run: run === '' || run === ALL ? undefined : run,
    from,
    to,
    class: name,
    place: `${context.sheet.name}:${line}`,
    isOpen: to === Number.POSITIVE_INFINITY,
    note: cellText(cells.note),
  };
}

function readIntervals(context: Context, issues: IssueCollector): SheetInterval[] {
  return context.sheet.rows.flatMap((row) => {
    try {
      return [readInterval(context, row)];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const { code, message, field = '', value, allowed = '' } = error;
      issues.report({ code, message, field, value, allowed });
      return [];
    }
  });
}

/**
 * Reads all sheets: columns `asset`, `from`, `to` (or `duration`), `class`, and if need be `run`
 * and `note`. `*` or nothing for the asset means all; nothing for `to` means that it still goes on.
 *
 * @returns in the order of files and lines. Lines with a problem are reported and left out.
 */
export async function readLabelSheets(options: ReadLabelSheetsOptions): Promise<SheetInterval[]> {
  const { folder, labels, field, issues, notes, signal } = options;
  const clock = createLabelClock(labels.timeZone ?? options.timeZone);
  const intervals: SheetInterval[] = [];
  const patterns = labels.files ?? [];
  for (const name of await findSheets({ folder, patterns, field, issues })) {
    signal?.throwIfAborted();
    const sheet = await readSheet({ folder, name, columns: COLUMNS, issues, signal });
    if (sheet === undefined) continue;
    intervals.push(...readIntervals({ sheet, clock }, issues));
    if (sheet.unread.length > 0) {
      const columns = sheet.unread.join(', ');
      notes.add('label-columns', `${name}: columns that nobody reads: ${columns}.`);
    }
    if (sheet.rows.length === 0) notes.add('label-empty', `${name} has no line with a label yet.`);
  }
  return intervals;
}
