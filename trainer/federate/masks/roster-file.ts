// The list of a masked round, as a file that the coordinator hands to all sites.
import { readJsonFile } from '../read-summary.ts';
import { createRoster, type Roster, rosterSchema } from './roster.ts';

/** @throws {InputError} `data-missing`, `data-invalid`; `option-invalid` for a site named twice. */
export async function readRoster(path: string): Promise<Roster> {
  const { sites, round } = await readJsonFile(path, rosterSchema, 'roster of sites');
  return createRoster(sites, round);
}
