// The files that a user of the historian gets: a CSV a day as German programs write it, and the
// maintenance log as somebody typed it.
import { type Incident, pastDays, type Reading, TITLES, ZONE } from './historian.ts';

const MINUTE_MS = 60_000;
const NOTED_MS = 30 * MINUTE_MS;

/** Of each class. */
const NOTED = 8;

/** ISO date and time of the wall clock. */
const CLOCK = new Intl.DateTimeFormat('sv-SE', {
  timeZone: ZONE,
  dateStyle: 'short',
  timeStyle: 'medium',
});

/** 27.03.2026 06:00:30 */
function german(time: number): string {
  const [date, clock] = CLOCK.format(time).split(' ');
  return `${date.split('-').reverse().join('.')} ${clock}`;
}

const cell = (value: number | undefined) =>
  value === undefined ? '' : String(value).replace('.', ',');

function dayTable(readings: readonly Reading[]): string {
  const titles = Object.values(TITLES);
  const lines = readings.map(({ time, machine, values }) =>
    [german(time), machine, ...titles.map((title) => cell(values[title])), ''].join(';'),
  );
  return ['Zeitstempel;Anlage', ...titles.map((title) => `;${title}`), ';Bemerkung\r\n']
    .join('')
    .concat(lines.join('\r\n'), '\r\n');
}

/** Half an hour of some incidents of each class, over all days. */
function noted(incidents: readonly Incident[]): Incident[] {
  const long = incidents
    .filter(({ from, to }) => to - from >= 1.5 * NOTED_MS)
    .sort((a, b) => a.from - b.from);
  const chosen = [...Map.groupBy(long, (incident) => incident.class).values()].flatMap((same) =>
    same.filter((_, at) => (at * NOTED) % same.length < NOTED),
  );
  return chosen
    .map(({ from, to, ...rest }) => {
      const start = Math.round(((from + to) / 2 - NOTED_MS / 2) / MINUTE_MS) * MINUTE_MS;
      return { ...rest, from: start, to: start + NOTED_MS };
    })
    .sort((a, b) => a.from - b.from);
}

function logTable(incidents: readonly Incident[]): string {
  const lines = noted(incidents).map(
    ({ machine, from, to, class: name }) =>
      `${machine};${german(from).slice(0, 16)};${german(to).slice(0, 16)};${name}\r\n`,
  );
  return `Anlage;von;bis;Störung\r\n${lines.join('')}`;
}

export interface ExportFile {
  readonly name: string;
  readonly text: string;
}

export function exportFiles(): { readonly days: readonly ExportFile[]; readonly log: string } {
  const { readings, incidents } = pastDays();
  const byDay = Map.groupBy(readings, ({ time }) => CLOCK.format(time).slice(0, 10));
  return {
    days: [...byDay].map(([day, own]) => ({ name: `Export_${day}.csv`, text: dayTable(own) })),
    log: logTable(incidents),
  };
}
