// Words of what stages cost and of what is promised.
import type { Language, Say } from '../say.ts';

interface CostWords {
  readonly costs: string;
  readonly costsText: (say: Say) => string;
  readonly saving: (say: Say, of: { day: string; night: string }) => string;
  readonly columns: readonly string[];
  readonly caption: (say: Say, of: { processor: string; rows: string } | undefined) => string;
  readonly withExits: string;
  readonly curve: string;
  readonly curveX: (say: Say) => string;
  readonly curveY: string;
  readonly curveAlt: (say: Say) => string;
  readonly staircase: string;
  readonly stops: (say: Say) => string;
  readonly stopsAlt: (say: Say) => string;
  readonly promise: string;
  readonly promised: (
    say: Say,
    of: { alpha: string; surely: string; n: string; seen: string },
  ) => string;
  readonly meaning: (say: Say) => string;
  readonly alike: (say: Say) => string;
  readonly worstClass: (say: Say, limit: string) => string;
  readonly escalation: (say: Say, limit: string, stages: number) => string;
  readonly notPromised: (say: Say) => string;
  readonly measured: (say: Say, share: string) => string;
  readonly policyColumns: readonly string[];
  readonly policyCaption: (say: Say) => string;
  readonly noThreshold: string;
  readonly none: string;
  readonly methods: Readonly<Record<'fixed-sequence' | 'pareto', string>>;
}

export const COST_WORDS: Readonly<Record<Language, CostWords>> = {
  en: {
    costs: 'Cost and savings',
    costsText: ({ one, many }) =>
      `Every ${one} passes stage 1; only ${many} that are not sure enough climb. Figures of a stage include those before it.`,
    saving: ({ many }, { day, night }) =>
      `Early exits spend ${day} of the computation of all stages on all ${many} by day, ${night} by night.`,
    columns: [
      'Stop here',
      'by night',
      'Accuracy so far',
      'Same as all stages',
      'FLOPs',
      'Weights',
      'Time',
    ],
    caption: ({ one, many }, of) =>
      `Test ${many}; FLOPs (two for each multiply-accumulate) and time of one ${one} up to and including the stage; bytes of weights that must be at hand for it.${of === undefined ? '' : ` Time: median over ${of.rows} ${many} at a time on one thread of ${of.processor}, which made this report; a gateway is slower by as much as its processor is.`}`,
    withExits: 'With early exits, mean',
    curve: 'Accuracy against computation',
    curveX: ({ one }) => `FLOPs of a ${one} (log)`,
    curveY: 'accuracy, %',
    curveAlt: ({ one }) => `Accuracy in percent after each stage against FLOPs of a ${one}`,
    staircase: 'Stages, no exits',
    stops: ({ many }) => `Where ${many} stop`,
    stopsAlt: ({ many }) => `Share of the ${many} that stop at each stage, day and night`,
    promise: 'Promise and certificate',
    promised: ({ many }, { alpha, surely, n, seen }) =>
      `With ${surely} certainty, at most ${alpha} of the ${many} get another class because they stop early than all stages would give them. This was proved by an exact test on ${n} calibration ${many} that nothing was learnt or chosen on; ${seen} of them differed.`,
    meaning: ({ many }) =>
      `The promise is about stopping early, not about being right: it says that the saving costs next to nothing, not how good the full cascade is. It holds for ${many} like those of the calibration. When the plant changes (other products, new sensors, repaired machines), certify again.`,
    alike: ({ many, one }) =>
      `The exact test counts calibration ${many} as independent. Those of one machine that follow one another, as in a history that is calibrated by whole stretches of time, are alike: they weigh like fewer ${many}, so that the certainty is less than stated. While the model runs, audits hold one ${one} in a hundred, unless told otherwise, against all stages and tell when the promise does not hold.`,
    worstClass: ({ many }, limit) =>
      `The same holds within every class, as all stages assign them: at most ${limit} of its ${many}.`,
    escalation: ({ many }, limit, stages) =>
      `At most ${limit} of the ${many} climb beyond stage ${stages}, the last on the gateway, and are sent to the edge.`,
    notPromised: ({ many }) =>
      `Nothing is promised of the day policy: with the calibration ${many} at hand no thresholds could be proved, or none were asked for.`,
    measured: ({ many }, share) => `On the test ${many}, which chose nothing, ${share} differ.`,
    policyColumns: [
      'Deepest stage',
      'Thresholds',
      'May differ',
      'Certainty',
      'Proved on',
      'Method',
      'Differ in test',
    ],
    policyCaption: ({ many }) =>
      `Policies in the bundle. Threshold of a stage: a confidence from which ${many} stop there. Differ in test: test ${many} with another class than from all stages.`,
    noThreshold: 'never',
    none: 'nothing promised',
    methods: { 'fixed-sequence': 'fixed sequence', pareto: 'Pareto testing' },
  },
  ja: {
    costs: '計算コストと削減',
    costsText: ({ one, many }) =>
      `どの${one}も第 1 段を通り、確信が足りない${many}だけが上の段へ進みます。各段の数値はそれまでの段を含みます。`,
    saving: ({ many }, { day, night }) =>
      `すべての${many}に全段を使う場合に対し、早期終了ありの計算量は昼 ${day}、夜 ${night} です。`,
    columns: ['ここで止まる', '夜', 'ここまでの正解率', '全段と同じ', 'FLOPs', '重み', '時間'],
    caption: ({ one, many }, of) =>
      `テスト用の${many}。FLOPs（積和演算 1 回を 2 と数える）と時間は、${one} 1 個がその段までに要する量、バイト数はその段までに手元に要る重みです。${of === undefined ? '' : `時間は、この報告書を作った ${of.processor} の 1 スレッドで一度に ${of.rows} 個を処理した中央値です。ゲートウェイではプロセッサーの差だけ遅くなります。`}`,
    withExits: '早期終了あり（平均）',
    curve: '正解率と計算量',
    curveX: ({ one }) => `${one} 1 個の FLOPs（対数）`,
    curveY: '正解率（%）',
    curveAlt: ({ one }) => `各段までの正解率（%）と${one} 1 個の FLOPs`,
    staircase: '各段（早期終了なし）',
    stops: ({ many }) => `${many}が止まる段`,
    stopsAlt: ({ many }) => `各段で止まる${many}の割合（昼と夜）`,
    promise: '約束と証明',
    promised: ({ many }, { alpha, surely, n, seen }) =>
      `${surely} の確からしさで、早期終了のために全段の場合とクラスが変わる${many}は高々 ${alpha} です。学習にも選択にも使っていない校正用の${many} ${n} 個で正確検定によって証明しました。そのうち変わったのは ${seen} 個です。`,
    meaning: ({ many }) =>
      `この約束は早期終了についてのもので、答えが正しいという約束ではありません。節約してもほとんど失わないことを示し、全段の成績そのものは示しません。校正時と同じような${many}について成り立ちます。製品、センサー、修理などで設備が変わったら、証明し直してください。`,
    alike: ({ many }) =>
      `正確検定は校正用の${many}を互いに独立なものとして数えます。しかし履歴はまとまった期間ごとに校正に回され、同じ設備の続いた${many}は互いに似ています。実質的な個数は見かけより少なく、本当の確からしさは上の値より低くなります。運転中の監査は、既定では答えの 100 件に 1 件を全段と比べ、約束が守られていなければ知らせます。`,
    worstClass: ({ many }, limit) =>
      `全段が割り当てるどのクラスの中でも、変わる${many}は高々 ${limit} です。`,
    escalation: ({ many }, limit, stages) =>
      `ゲートウェイの最後の段である第 ${stages} 段を越えてエッジへ送られる${many}は高々 ${limit} です。`,
    notPromised: ({ many }) =>
      `昼の設定には約束がありません。手元の校正用の${many}では証明できるしきい値がなかったか、約束が求められませんでした。`,
    measured: ({ many }, share) =>
      `何の選択にも使っていないテスト用の${many}では、${share} が変わります。`,
    policyColumns: [
      '最も深い段',
      'しきい値',
      '変わりうる割合',
      '確からしさ',
      '証明に使った数',
      '方法',
      'テストで変わった割合',
    ],
    policyCaption: ({ many }) =>
      `バンドルに入っている設定。段のしきい値: この確信度以上の${many}がそこで止まります。テストで変わった割合: 全段の場合とクラスが違うテスト用の${many}。`,
    noThreshold: '止めない',
    none: '約束なし',
    methods: { 'fixed-sequence': '固定順検定', pareto: 'パレート検定' },
  },
};
