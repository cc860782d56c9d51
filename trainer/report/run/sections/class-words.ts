// Words of the figures by class, of the confusion matrix and of the models side by side.
import type { Language, Say } from '../say.ts';

interface ClassWords {
  readonly classes: string;
  readonly classColumns: readonly string[];
  readonly classCaption: (say: Say) => string;
  readonly macro: string;
  readonly f1Chart: string;
  readonly recall: string;
  readonly precision: string;
  readonly chartAlt: string;
  readonly confusion: string;
  readonly confusionText: (say: Say) => string;
  readonly confusionChart: string;
  readonly answered: string;
  readonly trueClass: string;
  readonly mistake: (
    say: Say,
    truth: string,
    answer: string,
    count: string,
    share: string,
  ) => string;
  readonly mistakes: string;
  readonly noMistakes: string;
  readonly tooMany: (classes: number) => string;
  readonly beside: string;
  readonly besideText: (say: Say) => string;
  readonly besideColumns: readonly string[];
  readonly besideCaption: (say: Say) => string;
  readonly yes: string;
  readonly no: string;
  readonly paired: (say: Say, name: string, won: string, lost: string) => string;
  readonly byClassCaption: (say: Say) => string;
}

export const CLASS_WORDS: Readonly<Record<Language, ClassWords>> = {
  en: {
    classes: 'Classes',
    classColumns: ['Support', 'Told', 'Right', 'Precision', 'Recall', 'F1'],
    classCaption: ({ many }) =>
      `Test ${many}, with the early exits of the day policy. Support: ${many} of the class; told: ${many} that were given it; precision: right of those told; recall: right of the support; F1: their harmonic mean. The last row has sums of counts and plain means of shares.`,
    macro: 'All classes (mean)',
    f1Chart: 'Recall and precision by class',
    recall: 'recall (found)',
    precision: 'precision (right)',
    chartAlt: 'Recall and precision of each class in percent',
    confusion: 'Which classes it confuses',
    confusionText: ({ many }) =>
      `Rows: true class; columns: answer; figures: percent of the ${many} of the row. The diagonal is right.`,
    confusionChart: 'Confusion matrix, percent of each true class',
    answered: 'answered',
    trueClass: 'true class',
    mistake: ({ many }, truth, answer, count, share) =>
      `${truth} taken for ${answer}: ${count} ${many}, ${share} of ${truth}.`,
    mistakes: 'Most frequent mistakes:',
    noMistakes: 'Nothing was confused.',
    tooMany: (classes) =>
      `${classes} classes are too many for a matrix to be read; the most frequent mistakes say more.`,
    beside: 'Beside a plain MLP and the teacher',
    besideText: ({ many }) =>
      `All models have the same labels. The plain MLP learns from the labels alone; GLNN is one MLP distilled from the same teacher; both are as wide as the last stage. The teacher is a graph network that needs the neighbours of a node at run time and is not what a gateway can run. The answers are those of the training run, on the same test ${many}.`,
    besideColumns: ['Accuracy', 'Balanced', 'Mean F1', 'ECE', 'FLOPs', 'Needs graph'],
    besideCaption: ({ one, many }) =>
      `Test ${many}. Balanced: mean recall of the classes. ECE: mean gap between stated confidence and accuracy. FLOPs of one ${one}, the mean where it may stop early; the teacher’s depend on the graph. Bold: best of the column.`,
    yes: 'yes',
    no: 'no',
    paired: ({ many }, name, won, lost) =>
      `Against ${name}: the cascade is right on ${won} ${many} where the other is wrong, and wrong on ${lost} where the other is right.`,
    byClassCaption: ({ many }) => `F1 by class on the test ${many}, percent.`,
  },
  ja: {
    classes: 'クラスごとの成績',
    classColumns: ['件数', '告げた数', '正解', '適合率', '再現率', 'F1'],
    classCaption: ({ many }) =>
      `テスト用の${many}、昼の設定の早期終了あり。件数: そのクラスの${many}。告げた数: そのクラスと答えた${many}。適合率: 告げたうちの正解。再現率: 件数のうちの正解。F1: 両者の調和平均。最後の行は件数の合計と割合の単純平均です。`,
    macro: '全クラス（平均）',
    f1Chart: 'クラスごとの再現率と適合率',
    recall: '再現率（見つかる）',
    precision: '適合率（正しい）',
    chartAlt: '各クラスの再現率と適合率（%）',
    confusion: 'どのクラスを取り違えるか',
    confusionText: ({ many }) =>
      `行は本当のクラス、列は答え、数値は行の${many}に対する割合（%）です。対角線が正解です。`,
    confusionChart: '混同行列（本当のクラスごとの %）',
    answered: '答え',
    trueClass: '本当のクラス',
    mistake: ({ many }, truth, answer, count, share) =>
      `${truth}を${answer}と取り違え: ${many} ${count} 個（${truth}の ${share}）。`,
    mistakes: '多い取り違え:',
    noMistakes: '取り違えはありません。',
    tooMany: (classes) =>
      `クラスが ${classes} 個あり、行列では読めません。多い取り違えを示します。`,
    beside: '普通の MLP・教師との比較',
    besideText: ({ many }) =>
      `どのモデルも同じラベルを使います。普通の MLP はラベルだけから学び、GLNN は同じ教師から 1 つの MLP へ蒸留したもので、どちらも最後の段と同じ幅です。教師は実行時に隣のノードを必要とするグラフネットワークで、ゲートウェイでは動かせません。答えは学習時のもので、同じテスト用の${many}に対するものです。`,
    besideColumns: ['正解率', '均衡正解率', 'F1 の平均', 'ECE', 'FLOPs', 'グラフが必要'],
    besideCaption: ({ many }) =>
      `テスト用の${many}。均衡正解率: クラスごとの再現率の平均。ECE: 示した確信度と正解率の差の平均。FLOPs は${many} 1 個あたりで、早期終了があれば平均（教師はグラフによる）。太字: 列の最良。`,
    yes: 'はい',
    no: 'いいえ',
    paired: ({ many }, name, won, lost) =>
      `${name}: カスケードだけが正しい${many}は ${won} 個、相手だけが正しい${many}は ${lost} 個です。`,
    byClassCaption: ({ many }) => `クラスごとの F1（テスト用の${many}、%）。`,
  },
};
