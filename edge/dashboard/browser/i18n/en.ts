import { casesEn } from './cases-en.ts';
import { jobsEn } from './jobs-en.ts';
import { policiesEn } from './policies-en.ts';

/** English, from which the keys are taken. */
export const en = {
  ...casesEn,
  ...jobsEn,
  ...policiesEn,

  // Frame
  'app.name': 'Dandan',
  'app.tagline': 'Early-exit cascades, step by step',
  'app.skip': 'Skip to content',
  'app.language': 'Language',
  'app.theme': 'Colours',
  'app.theme.auto': 'Auto',
  'app.theme.light': 'Light',
  'app.theme.dark': 'Dark',
  'app.signOut': 'Sign out',
  'app.loading': 'Loading…',
  'app.updated': 'As of {time}',
  'app.failed': 'That did not work: {reason}',
  'app.offline': 'The edge does not answer. What is shown may be old.',
  'app.nothing': 'Nothing here yet.',
  'app.cancel': 'Cancel',
  'app.more': 'Show more',
  'app.none': 'none',
  'app.never': 'never',
  'app.all': 'all',
  'app.stage': 'Stage',
  'app.class': 'Class',
  'app.rows': 'Rows',

  // Charts
  'chart.numbers': 'Numbers',

  // Sign-in
  'signIn.title': 'Sign in',
  'signIn.key': 'Operator key',
  'signIn.submit': 'Sign in',
  'signIn.hint':
    'The key stays in this browser as a cookie that scripts cannot read, for one shift.',

  // Navigation
  'nav.overview': 'Overview',
  'nav.models': 'Models',
  'nav.devices': 'Gateways',
  'nav.jobs': 'Jobs',
  'nav.hardCases': 'Hard cases',
  'nav.drift': 'Drift',
  'nav.explain': 'Explain',
  'nav.policies': 'Policies',

  // Overview
  'overview.range': 'Time',
  'overview.range.hours': 'Last 48 hours',
  'overview.range.days': 'Last 30 days',
  'overview.model': 'Model',
  'overview.nodes': 'Nodes answered',
  'overview.requests': '{count} requests',
  'overview.early': 'Stopped early',
  'overview.early.hint': 'before the last stage',
  'overview.saved': 'Cost saved',
  'overview.saved.hint': 'multiply-accumulates, against always running all stages',
  'overview.promise': 'Promise',
  'overview.promise.kept': 'kept',
  'overview.promise.broken': 'broken',
  'overview.promise.none': 'none given',
  'overview.promise.hint': '{disagreements} of {audits} audited answers differ; {alpha} may',
  'overview.answer': 'Answer',
  'overview.exits': 'Answers by stage',
  'overview.tiers': 'Where answers come from',
  'overview.tier.gateway': 'Gateway',
  'overview.tier.edge': 'Edge',
  'overview.confidence': 'Confidence of answers',
  'overview.monitors': 'Promises',
  'overview.stage': 'Stage {stage}',
  'overview.time': 'Time',
  'overview.evidence': 'Evidence against it',
  'overview.audits': 'Audits',
  'overview.disagreements': 'Differ',
  'overview.alarm': 'Alarm since {time}',
  'overview.noTraffic': 'Nobody has asked in this time.',

  // Models and rollouts
  'models.bundles': 'Bundles',
  'models.channels': 'Channels',
  'models.channel': 'Channel',
  'models.release': 'Release',
  'models.bundle': 'Bundle',
  'models.fallback': 'Falls back to',
  'models.state': 'State',
  'models.state.canary': 'trial on {percent} % of gateways until {deadline}',
  'models.state.promoted': 'for all',
  'models.state.rolled-back': 'rolled back',
  'models.state.superseded': 'superseded',
  'models.reason': 'Why',
  'models.created': 'Since',
  'models.version': 'Version',
  'models.size': 'Size',
  'models.stages': 'Stages',
  'models.promote': 'Promote',
  'models.rollback': 'Roll back',
  'models.promote.ask': 'Give release {release} of {channel} to all gateways?',
  'models.rollback.ask':
    'Go back to bundle {bundle} on {channel}? Release {release} will not come back.',
  'models.history': 'Releases',
  'models.none': 'No model yet. Train one, then: dandan push --bundle FILE --edge {edge}',

  // Gateways
  'devices.name': 'Gateway',
  'devices.lastSeen': 'Last heard of',
  'devices.software': 'Program',
  'devices.runs': 'Runs',
  'devices.state': 'State',
  'devices.rows': 'Rows',
  'devices.errors': 'Errors',
  'devices.state.running': 'running',
  'devices.state.failed': 'gave it up: {reason}',
  'devices.removed': 'removed',
  'devices.enrol': 'Enrol a gateway',
  'devices.enrol.name': 'Name of the gateway',
  'devices.enrol.submit': 'Make a one-time code',
  'devices.enrol.code': 'On the gateway, once, before {time}:',
  'devices.remove': 'Remove',
  'devices.remove.ask': 'Remove {name}? Its keys stop working.',
  'devices.none': 'No gateway yet.',
} as const;

/** Every key with words of some language. */
export type Words = { readonly [K in keyof typeof en]: string };
