// Words of faults and alarms in time.
import type { Language, Say } from '../say.ts';

interface IncidentWords {
  readonly title: string;
  readonly noTimes: string;
  readonly noNormal: string;
  readonly text: (say: Say, normal: string) => string;
  readonly onTest: (say: Say) => string;
  readonly onAll: (say: Say, seen: string) => string;
  readonly noIncident: (say: Say) => string;
  readonly columns: readonly string[];
  readonly caption: (step: string) => string;
  readonly all: string;
  readonly falseText: (of: {
    alarms: string;
    days: string;
    perAsset: string;
    perDay: string;
    assets: number;
  }) => string;
  readonly noNormalTime: string;
  readonly rates: (say: Say, of: { f1: string; falseRate: string; missed: string }) => string;
  readonly chart: string;
  readonly chartX: string;
  readonly missed: string;
  readonly besideColumns: readonly string[];
  readonly besideCaption: string;
}

export const INCIDENT_WORDS: Readonly<Record<Language, IncidentWords>> = {
  en: {
    title: 'Faults in time: how soon, how often false',
    noTimes:
      'This data has no times: its nodes are not windows of a plant, so that neither the time to notice a fault nor false alarms a day can be stated. A plant’s history (dandan train with a plant.yaml) has them.',
    noNormal:
      'No class of this data means that nothing is wrong, so that there are no alarms to judge. If one does, name it: dandan report --normal NAME.',
    text: ({ one, many }, normal) =>
      `An incident is a stretch in which an asset is in one fault; every class but ${normal} is one. An alarm is told as a gateway tells it that waits for two of the last three answers to agree. It is a false one if none of its ${many} is of a fault. Delays count from the end of the first ${one} of the fault as it was labelled; negative ones are before it.`,
    onTest: ({ many }) => `Judged on the test ${many}.`,
    onAll: ({ many }, seen) =>
      `The test ${many} lie scattered in time, which hides incidents between them. All ${many} of the data are judged here instead; ${seen} of them are no test ${many}, and training has seen some of these or their labels, so that these figures flatter. A split by runs or time blocks gives honest ones.`,
    noIncident: ({ many }) => `No fault begins within the ${many} judged.`,
    columns: [
      'Incidents',
      'Noticed',
      'Missed',
      'Named right',
      'Early',
      'Fastest',
      'Median',
      'Slowest',
    ],
    caption: (step) =>
      `Incidents whose begin was watched. Noticed: some alarm while it lasted, or before. Named right: this very fault was told. Early: noticed before its labelled begin. Delays of those noticed; there is an answer every ${step}.`,
    all: 'All faults',
    falseText: ({ alarms, days, perAsset, perDay, assets }) =>
      `${alarms} false alarms in ${days} asset-days in which nothing was wrong: ${perAsset} a day for an asset, ${perDay} for all ${assets}.`,
    noNormalTime: 'No time in which nothing was wrong was judged: false alarms cannot be counted.',
    rates: ({ many }, { f1, falseRate, missed }) =>
      `Window by window on the test ${many}, any fault for any fault: F1 ${f1}; ${falseRate} of the normal ${many} are told as a fault, ${missed} of those of a fault as normal.`,
    chart: 'When each incident was noticed',
    chartX: 'minutes after the begin of the fault; before it: negative',
    missed: 'missed',
    besideColumns: ['Noticed', 'Named right', 'Median delay', 'False alarms a day'],
    besideCaption: 'The same judgement of all models; false alarms of all assets together.',
  },
  ja: {
    title: '異常への気づき: どれだけ早く、誤報はどれだけか',
    noTimes:
      'このデータには時刻がありません。ノードがプラントの時間窓ではないため、異常に気づくまでの時間も 1 日あたりの誤報も示せません。プラントの履歴（plant.yaml を指定した dandan train）なら示せます。',
    noNormal:
      'このデータには正常を意味するクラスがないため、判定すべき警報がありません。あれば dandan report --normal で名前を指定してください。',
    text: ({ many }, normal) =>
      `ひと続きの異常を 1 件と数え、${normal}以外のクラスを異常とします。警報は、直近 3 回の答えのうち 2 回が一致するのを待つゲートウェイの知らせ方で数えます。警報の間に異常の${many}が 1 つもなければ誤報です。遅れはラベル上の異常の最初の${many}の終わりから数え、負の値はそれより前です。`,
    onTest: ({ many }) => `テスト用の${many}で判定しました。`,
    onAll: ({ many }, seen) =>
      `テスト用の${many}は時間的に散らばっていて、その間の異常が隠れてしまいます。そこで、データのすべての${many}で判定しました。そのうち ${seen} はテスト用ではなく、学習で見たものやラベルを使ったものを含むので、数値は甘めです。運転や期間で分ければ公正な値が得られます。`,
    noIncident: ({ many }) => `判定した${many}の中で始まる異常はありません。`,
    columns: ['件数', '気づいた', '見逃し', '名前も正しい', '開始前', '最短', '中央値', '最長'],
    caption: (step) =>
      `開始を見ていた異常だけを数えます。気づいた: 続いている間かその前に警報があった。名前も正しい: まさにその異常を告げた。開始前: ラベル上の開始より前に気づいた。遅れは気づいたものについての値で、答えは ${step}ごとに出ます。`,
    all: 'すべての異常',
    falseText: ({ alarms, days, perAsset, perDay, assets }) =>
      `正常だった延べ ${days} 日（設備の合計）に誤報は ${alarms} 件、1 台 1 日あたり ${perAsset} 件、全 ${assets} 台では 1 日あたり ${perDay} 件です。`,
    noNormalTime: '正常な時間が判定の対象にないため、誤報は数えられません。',
    rates: ({ many }, { f1, falseRate, missed }) =>
      `テスト用の${many} 1 つずつで見て、異常の種類を問わなければ、F1 は ${f1}、正常な${many}のうち異常と告げるのは ${falseRate}、異常の${many}のうち正常と告げるのは ${missed} です。`,
    chart: '各異常に気づいた時点',
    chartX: '異常の開始からの分（負の値は開始前）',
    missed: '見逃し',
    besideColumns: ['気づいた', '名前も正しい', '遅れの中央値', '1 日あたりの誤報'],
    besideCaption: 'すべてのモデルを同じように判定した値。誤報は全設備の合計。',
  },
};
