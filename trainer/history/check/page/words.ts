// The words of a check's page, in each of its languages. What was found wrong stands there as the
// terminal says it.

export const LANGUAGES = ['en', 'ja'] as const;

export type Language = (typeof LANGUAGES)[number];

export interface PageWords {
  readonly title: (model: string) => string;
  readonly good: string;
  readonly bad: (problems: string) => string;
  readonly reach: (from: string, to: string, zone: string) => string;
  readonly tiles: Readonly<Record<'assets' | 'channels' | 'runs' | 'windows' | 'labelled', string>>;
  readonly problems: string;
  readonly moreProblems: (count: string) => string;
  readonly found: string;
  readonly allowed: string;
  readonly notes: string;
  readonly labels: string;
  readonly labelsText: string;
  readonly noLabels: string;
  readonly barsTitle: string;
  readonly parts: readonly string[];
  readonly classColumns: readonly string[];
  readonly classCaption: string;
  readonly timelines: string;
  readonly timelinesText: string;
  readonly timelineAlt: (asset: string, channels: string, bands: string) => string;
  readonly moreTimelines: (count: string) => string;
  readonly topology: string;
  readonly topologyAlt: (edges: string) => string;
  readonly noTopology: string;
  readonly channels: string;
  readonly channelColumns: readonly string[];
  readonly channelCaption: string;
  readonly features: string;
  readonly featuresText: (columns: string, windows: string) => string;
  readonly proposedText: string;
  readonly split: string;
  readonly splitText: (
    train: string,
    validation: string,
    test: string,
    calibration: string,
  ) => string;
  readonly files: string;
  readonly fileColumns: readonly string[];
  readonly fileCaption: string;
  readonly runs: string;
  readonly runColumns: readonly string[];
  readonly runCaption: string;
  readonly none: string;
}

const EN: PageWords = {
  title: (model) => `${model}: what its history holds`,
  good: 'No problems were found: a model can be trained on this history.',
  bad: (problems) =>
    `${problems} to be corrected before a model is trained. The first ones first: others often go with them.`,
  reach: (from, to, zone) => `Readings from ${from} to ${to} (${zone}).`,
  tiles: {
    assets: 'machines',
    channels: 'channels',
    runs: 'runs',
    windows: 'windows',
    labelled: 'of the windows are labelled',
  },
  problems: 'Problems',
  moreProblems: (count) => `… and ${count} more.`,
  found: 'found',
  allowed: 'allowed',
  notes: 'Worth a look',
  labels: 'Labels',
  labelsText:
    'A window has the class that holds at its end. Whole runs or stretches of time are dealt to training, validation and test.',
  noLabels: 'Nothing is labelled yet.',
  barsTitle: 'Labelled windows by class',
  parts: ['train', 'validation', 'test', 'in no set, or left to the teacher'],
  classColumns: ['stretches', 'length', 'windows'],
  classCaption: 'Labelled windows of each class, by machine.',
  timelines: 'Channels over time',
  timelinesText:
    'Each line reaches from the least to the most of its time. Grey: no readings for much longer than usual. Coloured: labels.',
  timelineAlt: (asset, channels, bands) => `${asset}: ${channels}. Labels: ${bands}.`,
  moreTimelines: (count) => `${count} more are not drawn.`,
  topology: 'The line',
  topologyAlt: (edges) => `Edges: ${edges}.`,
  noTopology:
    'No topology is stated: windows are joined along time alone. A sketch such as press-1 > oven-1 in plant.yaml is enough.',
  channels: 'Channels',
  channelColumns: [
    'unit',
    'machines',
    'readings',
    'every',
    'least',
    'median',
    'most',
    'empty',
    'gaps',
  ],
  channelCaption:
    'Values in the unit of the channel. Gaps are times without a reading that are much longer than the usual step.',
  features: 'Features',
  featuresText: (columns, windows) => `A row has ${columns} columns; ${windows}.`,
  proposedText:
    'Proposed from the data where plant.yaml does not say; write them there to keep them:',
  split: 'Split',
  splitText: (train, validation, test, calibration) =>
    `${train} labelled windows to learn from, ${validation} to stop in time, ${test} to test on; ${calibration} windows whose labels are not read calibrate the certificate.`,
  files: 'Files',
  fileColumns: ['layout', 'rows', 'from', 'to', 'left out', 'repeated', 'out of order'],
  fileCaption: 'How each file was read.',
  runs: 'Runs',
  runColumns: ['set', 'readings', 'from', 'length'],
  runCaption: 'Stretches of readings that do not join.',
  none: '—',
};

const JA: PageWords = {
  title: (model) => `${model}：履歴の内容`,
  good: '問題は見つかりませんでした。この履歴で学習できます。',
  bad: (problems) =>
    `学習の前に直すべき問題が ${problems} 件あります。最初のものから直してください。残りが一緒に消えることがよくあります。`,
  reach: (from, to, zone) => `測定値の期間：${from} ～ ${to}（${zone}）`,
  tiles: {
    assets: '設備',
    channels: 'チャネル',
    runs: '運転（ラン）',
    windows: '時間窓',
    labelled: 'の時間窓にラベルがある',
  },
  problems: '問題（英語）',
  moreProblems: (count) => `… ほか ${count} 件`,
  found: '値',
  allowed: '書ける値',
  notes: '確認したい点（英語）',
  labels: 'ラベル',
  labelsText:
    '時間窓のクラスは、窓の終わりの時刻のクラスです。運転または期間を丸ごと、学習・検証・試験に分けます。',
  noLabels: 'まだラベルがありません。',
  barsTitle: 'クラスごとのラベル付き時間窓',
  parts: ['学習', '検証', '試験', 'どれにも入らない、または教師だけが使う'],
  classColumns: ['区間', '長さ', '時間窓'],
  classCaption: '設備別・クラス別のラベル付き時間窓の数。',
  timelines: '時系列',
  timelinesText:
    '線の太さは、その時間の最小から最大まで。灰色：通常よりずっと長く測定値がない。色付き：ラベル。',
  timelineAlt: (asset, channels, bands) => `${asset}：${channels}。ラベル：${bands}。`,
  moreTimelines: (count) => `ほか ${count} 枚は描いていません。`,
  topology: 'ライン',
  topologyAlt: (edges) => `つながり：${edges}。`,
  noTopology:
    'つながりの記述がありません。時間窓は時間方向だけに結ばれます。plant.yaml に press-1 > oven-1 のように書くだけで足ります。',
  channels: 'チャネル',
  channelColumns: ['単位', '設備', '測定値', '間隔', '最小', '中央値', '最大', '空欄', '欠測'],
  channelCaption: '値はチャネルの単位。欠測は、通常の間隔よりずっと長く測定値がない期間です。',
  features: '特徴量',
  featuresText: (columns, windows) => `1 行は ${columns} 列（${windows}）。`,
  proposedText:
    'plant.yaml に書かれていない設定は、データから次のように提案されます。固定するには plant.yaml に書いてください。',
  split: '分割',
  splitText: (train, validation, test, calibration) =>
    `学習用 ${train}、検証用 ${validation}、試験用 ${test} のラベル付き時間窓。ラベルを読まない ${calibration} の時間窓で保証値を校正します。`,
  files: 'ファイル',
  fileColumns: ['形', '行', '開始', '終了', '除外', '重複', '順序の乱れ'],
  fileCaption: '各ファイルの読み取り結果。',
  runs: '運転（ラン）',
  runColumns: ['用途', '測定値', '開始', '長さ'],
  runCaption: '互いにつながらない測定の区間。',
  none: '—',
};

export const PAGE_WORDS: Readonly<Record<Language, PageWords>> = { en: EN, ja: JA };
