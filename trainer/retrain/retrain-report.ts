// What a night's training found, as one object: `report.json`, and what the page is made of.
import type { HardCaseCounts } from '../hard-cases/add-hard-cases.ts';
import type { Decision } from './decide.ts';
import type { MeasuredContenders } from './measure-contenders.ts';

export interface RetrainReport extends MeasuredContenders {
  readonly kind: 'dandan-retrain-report';
  readonly schema: 1;
  readonly model: string;
  readonly data: {
    readonly name: string;
    readonly sha256: string;
    /** Whether the champion was trained on these very data. */
    readonly asChampion: boolean;
    readonly split: string;
    readonly trainingLabels: number;
    readonly heldOut: number;
    readonly hardCases: HardCaseCounts | null;
  };
  readonly warmStart: boolean;
  readonly decision: Decision;
  /** ISO 8601. */
  readonly created: string;
  readonly codeVersion: string;
}
