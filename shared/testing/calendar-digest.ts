// One digest for a year of policy changes in several time zones, to compare runtimes: each brings
// its own tables of zones.
import { sha256Hex } from '../bundle/index.ts';
import { nextChange, policyDocumentSchema, WEEKDAYS } from '../policy/index.ts';

/** Places whose rules for 2026 were settled long before it, so that every table has them. */
const ZONES = [
  'Asia/Tokyo',
  'Asia/Kathmandu',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
];

/** SHA-256, hex, of every instant at which a night begins or ends in 2026. */
export async function calendarDigest(): Promise<string> {
  const changes = ZONES.flatMap((timeZone) => {
    const document = policyDocumentSchema.parse({
      schema: 1,
      timeZone,
      rules: [{ days: WEEKDAYS, from: '22:00', to: '02:30', policy: 'night' }],
      exceptions: [{ name: 'closed', from: '2026-12-29', to: '2027-01-03', policy: 'night' }],
    });
    const found = [timeZone];
    for (let at = Date.UTC(2026, 0); at < Date.UTC(2027, 0); ) {
      at = nextChange(document, at) ?? Number.POSITIVE_INFINITY;
      found.push(String(at));
    }
    return found;
  });
  return sha256Hex(new TextEncoder().encode(changes.join('\n')));
}
