import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { nextChange, type PolicyDocument, policyDocumentSchema, scheduleOf } from './index.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

const at = (text: string) => Date.parse(text);
const iso = (time: number | undefined) =>
  time === undefined ? undefined : new Date(time).toISOString().replace(':00.000Z', 'Z');

interface Clock {
  readonly date: string;
  readonly time: string;
  readonly day: (typeof WEEK)[number];
}

/** The wall clock, from Intl and nothing else. */
function createClock(timeZone: string): (time: number) => Clock {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (time) => {
    const parts = Object.fromEntries(format.formatToParts(time).map((p) => [p.type, p.value]));
    const day = parts.weekday.toLowerCase().slice(0, 3) as Clock['day'];
    return {
      day,
      date: `${parts.year}-${parts.month}-${parts.day}`,
      time: `${parts.hour}:${parts.minute}`,
    };
  };
}

const nextDate = (date: string, days: number) =>
  new Date(at(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);

/** The definition, as naively as it can be said. */
function policyBy(document: PolicyDocument, { date, time, day }: Clock): string {
  const exceptionOf = (on: string) =>
    document.exceptions.find(({ from, to = from }) => on >= from && on <= to);
  const own = exceptionOf(date);
  if (own?.policy) return own.policy;
  const before = exceptionOf(nextDate(date, -1));
  const today = own?.like ?? day;
  const yesterday = before ? before.like : WEEK[(WEEK.indexOf(day) + 6) % 7];
  const rule = document.rules.find(({ days, from, to }) => {
    const crosses = to < from;
    if (days.includes(today) && time >= from && (crosses || time < to)) return true;
    return crosses && yesterday !== undefined && days.includes(yesterday) && time < to;
  });
  return rule?.policy ?? document.otherwise;
}

/** Compares a walk of the schedule with a scan of every minute of `days`. */
function expectAsScanned(document: PolicyDocument, from: number, days: number): void {
  const clock = createClock(document.timeZone);
  const { segment } = scheduleOf(document);
  let current = segment(from);
  let change: number | undefined;
  const first = policyBy(document, clock(from));
  for (let time = from; time < from + days * DAY; time += MINUTE) {
    if (time >= current.to) current = segment(current.to);
    const expected = policyBy(document, clock(time));
    if (current.state.policy !== expected) {
      expect({ at: iso(time), is: current.state }).toEqual({ at: iso(time), policy: expected });
    }
    if (expected !== first) change ??= time;
  }
  const next = nextChange(document, from);
  if (change !== undefined) expect(iso(next)).toBe(iso(change));
  else expect(next ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(from + days * DAY);
}

const document = (fields: object): PolicyDocument =>
  policyDocumentSchema.parse({ schema: 1, timeZone: 'UTC', ...fields });

const night = (from: string, to: string, days: readonly string[] = WEEK) => ({
  days: [...days],
  from,
  to,
  policy: 'night',
});

test.each<[string, object, string, (string | undefined)[]]>([
  [
    'a window across midnight, in a zone without summer time',
    { timeZone: 'Asia/Tokyo', rules: [night('22:00', '06:00', ['fri'])] },
    '2026-11-26T00:00:00Z',
    ['2026-11-27T13:00Z', '2026-11-27T21:00Z', '2026-12-04T13:00Z'],
  ],
  [
    'a window that the skipped hour cuts: 02:00 to 03:00 are not shown in Berlin on 29 March',
    { timeZone: 'Europe/Berlin', rules: [night('02:30', '03:30')] },
    '2026-03-28T12:00:00Z',
    ['2026-03-29T01:00Z', '2026-03-29T01:30Z', '2026-03-30T00:30Z'],
  ],
  [
    'a window inside the skipped hour holds at no time of that day',
    { timeZone: 'Europe/Berlin', rules: [night('02:10', '02:50')] },
    '2026-03-28T12:00:00Z',
    ['2026-03-30T00:10Z', '2026-03-30T00:50Z'],
  ],
  [
    'a window inside the doubled hour holds twice',
    { timeZone: 'Europe/Berlin', rules: [night('02:10', '02:50')] },
    '2026-10-24T12:00:00Z',
    ['2026-10-25T00:10Z', '2026-10-25T00:50Z', '2026-10-25T01:10Z', '2026-10-25T01:50Z'],
  ],
  [
    'a change of half an hour',
    { timeZone: 'Australia/Lord_Howe', rules: [night('01:45', '03:00')] },
    '2026-04-04T12:00:00Z',
    ['2026-04-04T14:45Z', '2026-04-04T15:00Z', '2026-04-04T15:15Z', '2026-04-04T16:30Z'],
  ],
  [
    'a date that a zone skipped: 30 December 2011 in Apia',
    {
      timeZone: 'Pacific/Apia',
      exceptions: [{ name: 'never', from: '2011-12-30', policy: 'night' }],
    },
    '2011-12-01T00:00:00Z',
    [undefined],
  ],
  [
    'a holiday in three years',
    {
      timeZone: 'Asia/Tokyo',
      exceptions: [{ name: 'closed', from: '2029-05-03', to: '2029-05-05', policy: 'night' }],
    },
    '2026-11-26T00:00:00Z',
    ['2029-05-02T15:00Z', '2029-05-05T15:00Z', undefined],
  ],
  [
    'a window every day is no change where it is always night',
    { otherwise: 'night', rules: [night('08:00', '09:00')] },
    '2026-01-01T00:00:00Z',
    [undefined],
  ],
])('nextChange(): %s', (_, fields, start, expected) => {
  const made = document(fields);
  let time: number | undefined = at(start);
  for (const change of expected) {
    time = time === undefined ? undefined : nextChange(made, time);
    expect(iso(time)).toBe(change);
  }
});

test('an exception goes before the rules, and neither window of the night before reaches into it', () => {
  const made = document({
    timeZone: 'Asia/Tokyo',
    rules: [night('22:00', '06:00')],
    exceptions: [
      { name: 'inspection', from: '2026-11-27', policy: 'day' },
      { name: 'worked Sunday', from: '2026-11-29', like: 'mon' },
    ],
  });
  const { segment } = scheduleOf(made);
  const state = (text: string) => segment(at(`${text}+09:00`)).state;
  expect(state('2026-11-26T23:59')).toMatchObject({ policy: 'night', code: 'window' });
  expect(state('2026-11-27T00:00')).toEqual({
    policy: 'day',
    code: 'exception',
    reason: 'inspection, 2026-11-27 Asia/Tokyo',
  });
  expect(state('2026-11-27T23:59').policy).toBe('day');
  expect(state('2026-11-28T05:59')).toMatchObject({ policy: 'day', code: 'otherwise' });
  expect(state('2026-11-28T22:00').reason).toBe('night window 22:00–06:00 Asia/Tokyo');
});

test('a date that is like another weekday has its windows, and the next morning too', () => {
  const made = document({
    rules: [night('22:00', '06:00', ['mon']), night('00:00', '24:00', ['sun'])],
    exceptions: [{ name: 'worked', from: '2026-11-28', like: 'mon' }],
  });
  const { segment } = scheduleOf(made);
  const policy = (text: string) => segment(at(`2026-11-${text}Z`)).state.policy;
  expect(['28T21:59', '28T22:00', '29T05:00', '29T12:00'].map(policy)).toEqual([
    'day',
    'night',
    'night',
    'night',
  ]);
  const { segment: plain } = scheduleOf(document({ rules: [night('22:00', '06:00', ['mon'])] }));
  expect(plain(at('2026-11-28T23:00Z')).state.policy).toBe('day');
});

test('the first rule that holds decides', () => {
  const day = { days: [...WEEK], from: '01:00', to: '02:00', policy: 'day' };
  const policy = (rules: object[]) =>
    scheduleOf(document({ rules })).segment(at('2026-11-28T01:30Z')).state.policy;
  expect(policy([day, night('22:00', '06:00')])).toBe('day');
  expect(policy([night('22:00', '06:00'), day])).toBe('night');
});

test.each([
  ['Europe/Berlin', '2026-03-29T12:00Z', 23],
  ['Europe/Berlin', '2026-10-25T12:00Z', 25],
  ['Asia/Tokyo', '2026-10-25T12:00Z', 24],
  ['Australia/Lord_Howe', '2026-04-05T02:00Z', 24.5],
])('localDay() in %s around %s has %d hours', (timeZone, time, hours) => {
  const { from, to } = scheduleOf(document({ timeZone })).localDay(at(time));
  expect((to - from) / HOUR).toBe(hours);
  expect(createClock(timeZone)(from).time).toBe('00:00');
  expect(createClock(timeZone)(to).time).toBe('00:00');
});

test.each(['day', 'night'])(
  'a hostile document of %s is searched in few looks at the clock',
  (policy) => {
    const time = (minutes: number) => new Date(minutes * MINUTE).toISOString().slice(11, 16);
    const rules = Array.from({ length: 32 }, (_, i) => ({
      ...night(time(i * 40), time(i * 40 + 20)),
      policy,
    }));
    for (const what of [{ policy: 'day' }, { like: 'sun' }]) {
      for (const days of [1, 100]) {
        const exceptions = Array.from({ length: 250 }, (_, i) => {
          const from = nextDate('2026-11-01', 100 * i);
          return { name: 'x', from, to: nextDate(from, days - 1), ...what };
        });
        const made = document({ timeZone: 'Europe/Berlin', rules, exceptions });
        // A getter, which the types call a method.
        const prototype: { readonly format: unknown } = Intl.DateTimeFormat.prototype;
        const looks = vi.spyOn(prototype, 'format', 'get');
        nextChange(made, at('2026-11-26T00:00Z'));
        expect(looks.mock.calls.length).toBeGreaterThan(2);
        expect(looks.mock.calls.length).toBeLessThan(1000);
        looks.mockRestore();
      }
    }
  },
);

/** Windows at all the times at which zones change their clocks, so that each is cut by one. */
const EVERY_HOUR = {
  rules: [
    night('23:30', '00:30'),
    night('01:30', '02:15', ['sat', 'sun']),
    night('02:30', '03:30'),
    night('04:45', '05:00'),
  ],
};

test('every clock change of 2026, in every time zone, is as a scan of the minutes says', () => {
  const begin = at('2026-01-01T00:00Z');
  let changes = 0;
  for (const timeZone of Intl.supportedValuesOf('timeZone')) {
    const made = document({ timeZone, ...EVERY_HOUR });
    const clock = createClock(timeZone);
    for (let day = 0; day < 365; day++) {
      const time = begin + day * DAY;
      if (clock(time).time === clock(time + DAY).time) continue;
      changes++;
      expectAsScanned(made, time - 2 * HOUR, 1.2);
    }
  }
  expect(changes).toBeGreaterThan(200);
}, 120_000);

/** Zones and days of odd changes: at midnight, a minute past it, by two hours, by a whole day, at Ramadan. */
const ODD = [
  ['Africa/Cairo', '2026-04-24'],
  ['America/Havana', '2026-11-01'],
  ['America/St_Johns', '2010-11-07'],
  ['America/Sao_Paulo', '2018-02-18'],
  ['Antarctica/Troll', '2026-03-29'],
  ['Pacific/Apia', '2011-12-30'],
  ['Africa/Casablanca', '2026-02-15'],
  ['Asia/Pyongyang', '2015-08-15'],
  ['Asia/Kathmandu', '2026-05-01'],
] as const;

const clockTime = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom('00', '01', '30', '59'))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${minute}`);

const rule = fc
  .record({
    days: fc.uniqueArray(fc.constantFrom(...WEEK), { minLength: 1 }),
    from: clockTime,
    to: fc.oneof(clockTime, fc.constant('24:00')),
    policy: fc.constantFrom('day', 'night'),
  })
  .filter(({ from, to }) => from !== to);

test('any document at any instant is as a scan of the minutes says', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ODD),
      fc.array(rule, { maxLength: 5 }),
      fc.uniqueArray(fc.integer({ min: -2, max: 3 }), { maxLength: 3 }),
      fc.constantFrom({ policy: 'day' }, { policy: 'night' }, { like: 'sun' }, { like: 'wed' }),
      fc.constantFrom('day', 'night'),
      fc.integer({ min: -2 * 24 * 60, max: 2 * 24 * 60 }),
      ([timeZone, date], rules, dates, what, otherwise, minutes) => {
        const exceptions = dates.map((days) => ({
          name: 'x',
          from: nextDate(date, days),
          ...what,
        }));
        const made = document({ timeZone, rules, exceptions, otherwise });
        expectAsScanned(made, at(`${date}T00:00Z`) + minutes * MINUTE, 2);
      },
    ),
    { numRuns: 150 },
  );
}, 120_000);
