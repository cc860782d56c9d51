// Words of the first page: what a manager reads.
import type { Language, Say } from '../say.ts';

interface SummaryWords {
  readonly title: (model: string) => string;
  readonly purpose: (say: Say, of: { classes: string; stages: number }) => string;
  readonly measured: (
    say: Say,
    of: { nodes: number; assets: number; from?: number; to?: number },
  ) => string;
  readonly accuracy: { name: string; note: (range: string) => string };
  readonly gain: { name: string; note: (mlp: string, teacher: string) => string };
  readonly saved: { name: string; note: (say: Say) => string };
  readonly first: { name: string; note: (say: Say) => string };
  readonly promise: {
    name: string;
    none: string;
    note: (say: Say, surely: string) => string;
    noneNote: string;
  };
  readonly noticed: {
    name: string;
    of: (noticed: number, all: number) => string;
    note: (median: string) => string;
    before: (median: string) => string;
    never: string;
  };
  /** Beside figures that training had a hand in. */
  readonly withSeen: (note: string) => string;
  readonly falseAlarms: { name: string; note: (assets: number, each: string) => string };
  readonly finds: string;
  readonly findsText: (say: Say) => string;
  readonly findsCaption: (say: Say) => string;
  readonly columns: (say: Say) => readonly string[];
  readonly engineers: string;
  readonly engineersText: string;
}

export const SUMMARY_WORDS: Readonly<Record<Language, SummaryWords>> = {
  en: {
    title: (model) => `Report of the model ${model}`,
    purpose: ({ one, many }, { classes, stages }) =>
      `The model says which of these classes a ${one} belongs to: ${classes}. It is a staircase of ${stages} small neural networks: easy ${many} stop at the first step, only doubtful ones climb further. At run time it needs no graph and no large computer.`,
    measured: (say, { nodes, assets, from, to }) => {
      const where = assets > 0 ? ` of ${say.count(assets)} assets` : '';
      const when =
        from === undefined || to === undefined
          ? ''
          : ` between ${say.time(from)} and ${say.time(to)} (${say.zone})`;
      return `All figures were measured on ${say.count(nodes)} test ${say.many}${where}${when} whose labels were used for nothing else.`;
    },
    accuracy: { name: 'right answers', note: (range) => `95 % certain to lie between ${range}` },
    gain: {
      name: 'against a plain MLP',
      note: (mlp, teacher) => `plain MLP ${mlp}, teacher ${teacher}`,
    },
    saved: {
      name: 'of the computation saved',
      note: ({ many }) => `against all stages for all ${many}`,
    },
    first: { name: 'stop at the first stage', note: ({ many }) => `of the ${many}, by day` },
    promise: {
      name: 'may change by stopping early',
      none: 'none',
      note: ({ many }, surely) => `of the ${many}: certified with ${surely} certainty`,
      noneNote: 'no promise could be certified',
    },
    noticed: {
      name: 'faults noticed',
      of: (noticed, all) => `${noticed} of ${all}`,
      note: (median) => `half of them within ${median} of the begin`,
      before: (median) => `half of them ${median} or more before the labelled begin`,
      never: 'none while it lasted',
    },
    withSeen: (note) => `${note}; windows of training included`,
    falseAlarms: {
      name: 'false alarms a day',
      note: (assets, each) =>
        assets === 1 ? 'of the asset' : `of all ${assets} assets together, ${each} of each`,
    },
    finds: 'What it finds',
    findsText: ({ many }) =>
      `Found: of 100 ${many} that really are of the class, so many get its name. Right: of 100 ${many} that get the name, so many really are of the class.`,
    findsCaption: ({ many }) => `Test ${many} by class, with early exits.`,
    columns: ({ many }) => ['Found, of 100', 'Right, of 100', `Test ${many}`],
    engineers: 'For engineers',
    engineersText: 'The sections below hold the figures behind this page.',
  },
  ja: {
    title: (model) => `モデル ${model} の報告書`,
    purpose: ({ one, many }, { classes, stages }) =>
      `このモデルは、${one}が次のどのクラスに当たるかを判定します: ${classes}。${stages} 段の小さなニューラルネットワークの「階段」で、易しい${many}は最初の段で止まり、疑わしいものだけが上の段へ進みます。実行時にはグラフも大きな計算機も要りません。`,
    measured: (say, { nodes, assets, from, to }) => {
      const where = assets > 0 ? `設備 ${say.count(assets)} 台、` : '';
      const when =
        from === undefined || to === undefined
          ? ''
          : `${say.time(from)}〜${say.time(to)}（${say.zone}）の`;
      return `数値はすべて、${where}${when}テスト用の${say.many} ${say.count(nodes)} 個で測りました。そのラベルはほかの目的には使っていません。`;
    },
    accuracy: { name: '正解率', note: (range) => `95 % の確からしさで ${range} の間` },
    gain: {
      name: '普通の MLP との差',
      note: (mlp, teacher) => `普通の MLP ${mlp}、教師 ${teacher}`,
    },
    saved: { name: '計算量の削減', note: ({ many }) => `すべての${many}に全段を使う場合との比較` },
    first: { name: '第 1 段で止まる割合', note: ({ many }) => `昼の設定、${many}のうち` },
    promise: {
      name: '早期終了で変わりうる割合',
      none: 'なし',
      note: ({ many }, surely) => `${many}のうち。${surely} の確からしさで証明済み`,
      noneNote: '証明できた約束はありません',
    },
    noticed: {
      name: '気づいた異常',
      of: (noticed, all) => `${all} 件中 ${noticed} 件`,
      note: (median) => `半数は開始から ${median}以内`,
      before: (median) => `半数はラベル上の開始の ${median}以上前`,
      never: '続いている間に気づいたものはありません',
    },
    withSeen: (note) => `${note}（学習に使った時間窓を含む）`,
    falseAlarms: {
      name: '1 日あたりの誤報',
      note: (assets, each) => `設備 ${assets} 台の合計（1 台あたり ${each} 件）`,
    },
    finds: '何を見つけるか',
    findsText: ({ many }) =>
      `「見つかる」は、実際にそのクラスの${many} 100 個のうち正しく名づけられる数です。「正しい」は、そのクラスだと告げられた${many} 100 個のうち実際にそうである数です。`,
    findsCaption: ({ many }) => `クラスごとのテスト用の${many}。早期終了あり。`,
    columns: ({ many }) => ['見つかる（100 個中）', '正しい（100 個中）', `テスト用の${many}`],
    engineers: '技術者向け',
    engineersText: '以下の各節に、このページの根拠となる数値を示します。',
  },
};
