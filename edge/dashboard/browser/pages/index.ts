// The pages by the name that stands in the address.
import type { WordKey } from '../i18n/index.ts';
import { devices } from './devices.ts';
import { drift } from './drift.ts';
import { explain } from './explain.ts';
import { hardCases } from './hard-cases.ts';
import { jobs } from './jobs.ts';
import { models } from './models.ts';
import { overview } from './overview.ts';
import type { Page } from './page.ts';
import { policies } from './policies.ts';

export interface NamedPage {
  readonly name: string;
  readonly title: WordKey;
  readonly page: Page;
}

/** In the order of the navigation; the first is where one arrives. */
export const PAGES: readonly NamedPage[] = [
  { name: 'overview', title: 'nav.overview', page: overview },
  { name: 'models', title: 'nav.models', page: models },
  { name: 'devices', title: 'nav.devices', page: devices },
  { name: 'jobs', title: 'nav.jobs', page: jobs },
  { name: 'hard-cases', title: 'nav.hardCases', page: hardCases },
  { name: 'explain', title: 'nav.explain', page: explain },
  { name: 'drift', title: 'nav.drift', page: drift },
  { name: 'policies', title: 'nav.policies', page: policies },
];
