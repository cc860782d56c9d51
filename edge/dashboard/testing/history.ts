// A month of a plant's figures, written into the database of an edge that is stopped. Seeded, but for
// the hour it is: what a person sees ends now.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { columnNames } from '@dandan/shared/features';
import { createRandom, type Random } from '@dandan/shared/random';
import type { Plant } from './plant.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** As the edge keeps and shows them. */
const HOURS = 72;
const DAYS = 30;

/** Days on which a sensor has slipped, up to today. */
const DRIFTING_DAYS = 3;

/** Shares of rows by stage, where gateways run the first two stages. */
const EXITS = {
  gateway: [0.78, 0.22, 0, 0],
  escalation: [0, 0.35, 0.45, 0.2],
  predict: [0.62, 0.22, 0.11, 0.05],
} as const;

type Source = keyof typeof EXITS;

/** The file of D1 that has the edge's tables; miniflare names it by a hash. */
function openDatabase(data: string): DatabaseSync {
  const folder = join(data, 'v3', 'd1', 'miniflare-D1DatabaseObject');
  for (const name of readdirSync(folder)) {
    if (!name.endsWith('.sqlite')) continue;
    const database = new DatabaseSync(join(folder, name));
    const found = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'metric_spans'").get();
    if (found !== undefined) return database;
    database.close();
  }
  throw new Error(`No database of an edge below ${folder}`);
}

/** Rows an hour: fewer at night and at weekends, Japan's. */
function rowsAt(at: number, random: Random): number {
  const local = new Date(at + 9 * HOUR_MS);
  const night = local.getUTCHours() < 6 || local.getUTCHours() >= 22;
  const weekend = [0, 6].includes(local.getUTCDay());
  return Math.round((night ? 700 : 2400) * (weekend ? 0.4 : 1) * (0.9 + 0.2 * random.next()));
}

const SHARE: Readonly<Record<Source, number>> = { gateway: 0.82, escalation: 0.12, predict: 0.06 };

/** Confidences crowd towards 1. */
function confidences(nodes: number): number[] {
  const weights = Array.from({ length: 20 }, (_, k) => (k < 6 ? 0 : ((k - 5) / 15) ** 2.5));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => Math.round((nodes * weight) / sum));
}

function insertSpans(database: DatabaseSync, { good }: Plant, now: number): void {
  const random = createRandom(1);
  const { stages, model } = good.bundle.manifest;
  const cumulative = stages.map((_, k) =>
    stages.slice(0, k + 1).reduce((sum, { macs }) => sum + macs, 0),
  );
  const insert = database.prepare(
    `INSERT OR REPLACE INTO metric_spans (span, start, model, bundle, policy, source, requests, nodes,
     macs, full_macs, degraded, audits, disagreements, confidence_sum, stages, stopped, confidence,
     updated) VALUES (?, ?, ?, ?, 'day', ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const add = (span: 'hour' | 'day', start: number, rows: number) => {
    for (const source of ['gateway', 'escalation', 'predict'] as const) {
      const exits = EXITS[source].map((share) => Math.round(rows * SHARE[source] * share));
      const nodes = exits.reduce((sum, n) => sum + n, 0);
      const macs = exits.reduce((sum, n, k) => sum + n * cumulative[k], 0);
      const audits = Math.round(nodes / 100);
      insert.run(
        span,
        start,
        model,
        good.sha256,
        source,
        Math.ceil(nodes / 50),
        nodes,
        macs,
        nodes * (cumulative.at(-1) ?? 0),
        audits,
        Math.round(audits * 0.02),
        nodes * 0.88,
        JSON.stringify(exits),
        JSON.stringify([nodes - exits[3], exits[3], 0, 0]),
        JSON.stringify(confidences(nodes)),
        new Date(now).toISOString(),
      );
    }
  };
  const hour = Math.floor(now / HOUR_MS) * HOUR_MS;
  for (let k = HOURS; k >= 1; k--) {
    add('hour', hour - k * HOUR_MS, rowsAt(hour - k * HOUR_MS, random));
  }
  const day = Math.floor(now / DAY_MS) * DAY_MS;
  for (let k = DAYS; k >= 1; k--) {
    const start = day - k * DAY_MS;
    const rows = Array.from({ length: 24 }, (_, h) => rowsAt(start + h * HOUR_MS, random));
    add(
      'day',
      start,
      rows.reduce((sum, n) => sum + n, 0),
    );
  }
}

function insertMonitor(database: DatabaseSync, { good }: Plant, now: number): void {
  database
    .prepare(
      `INSERT INTO monitors (model, bundle, policy, alpha, delta, audits, disagreements, evidence,
       alarmed, updated) VALUES ('press', ?, 'day', 0.05, 0.1, 2140, 47, 0.031, NULL, ?)
       ON CONFLICT DO UPDATE SET audits = excluded.audits, disagreements = excluded.disagreements,
       evidence = excluded.evidence`,
    )
    .run(good.sha256, new Date(now).toISOString());
}

function insertDrift(database: DatabaseSync, { good }: Plant, now: number): void {
  const random = createRandom(2);
  const { features, model } = good.bundle.manifest;
  if (features.kind !== 'telemetry') return;
  const names = columnNames(features);
  const insert = database.prepare(
    `INSERT OR REPLACE INTO drift_days (model, bundle, day, rows, reference_rows, features, drifted,
     shifts, updated) VALUES (?, ?, ?, ?, 1000, ?, ?, ?, ?)`,
  );
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  for (let k = 0; k < DAYS; k++) {
    const rows = 380 + random.below(60);
    const expected = 9 * (1 / rows + 1 / 1000);
    const isSlipping = k < DRIFTING_DAYS;
    const shifts = names
      .map((name, column) => {
        const drifted = isSlipping && (column === 5 || (column === 4 && k < 2));
        const psi = drifted ? 0.9 - 0.2 * k - 0.1 * (5 - column) : expected * (0.5 + random.next());
        return { name, column, psi, expected, score: (psi / expected - 1) * 2.1, drifted };
      })
      .sort((a, b) => b.psi - a.psi);
    const drifted = shifts.filter((each) => each.drifted).length;
    insert.run(
      model,
      good.sha256,
      today - k * DAY_MS,
      rows,
      names.length,
      drifted,
      JSON.stringify(shifts),
      new Date(now).toISOString(),
    );
  }
}

/** @param data the folder of an edge that has been filled and stopped. */
export function insertHistory(data: string, plant: Plant, now = Date.now()): void {
  const database = openDatabase(data);
  try {
    insertSpans(database, plant, now);
    insertMonitor(database, plant, now);
    insertDrift(database, plant, now);
  } finally {
    database.close();
  }
}
