// Words of how far a stated confidence can be believed.
import type { Language, Say } from '../say.ts';

interface ReliabilityWords {
  readonly title: string;
  readonly text: (say: Say, least: number) => string;
  readonly chart: string;
  readonly alt: (before: string, after: string) => string;
  readonly before: string;
  readonly after: string;
  readonly ideal: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly bars: (say: Say) => string;
  readonly columns: readonly string[];
  readonly caption: (say: Say) => string;
  readonly withExits: string;
}

export const RELIABILITY_WORDS: Readonly<Record<Language, ReliabilityWords>> = {
  en: {
    title: 'Can its confidence be believed?',
    text: ({ many }, least) =>
      `A model that is 80 % confident should be right 8 times in 10: its points lie on the diagonal. Below it, the model is too sure; above, too modest. A temperature for each stage, fitted on validation ${many}, corrects this without changing what a stage answers on its own. Bins of fewer than ${least} ${many} have no point.`,
    chart: 'Reliability of the full cascade',
    alt: (before, after) =>
      `Accuracy against confidence in ten bins. Expected calibration error before temperatures ${before}, after ${after}`,
    before: 'before temperatures',
    after: 'after',
    ideal: 'ideal',
    xLabel: 'confidence, %',
    yLabel: 'accuracy, %',
    bars: ({ many }) => `${many} in each bin, after`,
    columns: ['Temperature', 'ECE before', 'ECE after', 'Mean confidence', 'Accuracy'],
    caption: ({ many }) =>
      `Running answer after each stage on the test ${many}. ECE, expected calibration error: mean gap between confidence and accuracy over ten bins, in points of percent. The last two columns are those after temperatures.`,
    withExits: 'With early exits',
  },
  ja: {
    title: '確信度は信じられるか',
    text: ({ many }, least) =>
      `確信度が 80 % のモデルは 10 回に 8 回正しいはずで、点は対角線の上に並びます。線より下なら自信過剰、上なら控えめです。検証用の${many}で合わせた段ごとの温度が、各段そのものの答えを変えずにこれを直します。${many}が ${least} 個に満たない区間の点は描きません。`,
    chart: '全段の信頼度図',
    alt: (before, after) =>
      `10 区間の確信度に対する正解率。期待校正誤差は温度の前が ${before}、後が ${after}`,
    before: '温度の前',
    after: '温度の後',
    ideal: '理想',
    xLabel: '確信度（%）',
    yLabel: '正解率（%）',
    bars: ({ many }) => `各区間の${many}の数（温度の後）`,
    columns: ['温度', '前の ECE', '後の ECE', '平均の確信度', '正解率'],
    caption: ({ many }) =>
      `テスト用の${many}に対する各段までの答え。ECE（期待校正誤差）: 10 区間での確信度と正解率の差の平均（%）。最後の 2 列は温度の後の値です。`,
    withExits: '早期終了あり',
  },
};
