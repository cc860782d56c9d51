// Gateways as the edge knows them: enrolled, last heard of, running what.

import type { Heartbeat } from '@dandan/shared/wire';
import { auditEntry } from '../audit/audit-log.ts';
import type { Caller } from '../auth/scope.ts';

/** What a device runs, by its newest heartbeat. */
export interface DeviceModel {
  readonly model: string;
  readonly channel: string;
  readonly release: number;
  readonly bundle: string;
  readonly state: 'running' | 'failed';
  readonly reason: string;
  readonly rows: number;
  readonly errors: number;
  readonly lastSeen: string;
}

export interface DeviceRecord {
  readonly id: string;
  readonly enrolled: string;
  readonly software: string | null;
  readonly lastSeen: string | null;
  readonly removed: string | null;
  readonly models: readonly DeviceModel[];
}

/** Devices of one listing; a plant has tens of gateways. */
export const MAX_LISTED_DEVICES = 1000;

/** The name a caller goes by as a device: the one it was enrolled under, else its key's. */
export const deviceOf = ({ id, device }: Caller): string => device ?? id;

export interface DeviceStore {
  /** Keeps what a device reports of itself; a new device is made, a removed one comes back. */
  record(device: string, heartbeat: Heartbeat, at: string): Promise<void>;
  /** By name, at most {@linkcode MAX_LISTED_DEVICES}. */
  list(): Promise<DeviceRecord[]>;
  /**
   * Revokes every key of a device and no longer waits for it. False where there is no such device.
   */
  remove(device: string, caller: Caller): Promise<boolean>;
}

export function createDeviceStore(database: D1Database): DeviceStore {
  return {
    async record(device, { software, models }, at) {
      await database.batch([
        database
          .prepare(
            `INSERT INTO devices (id, enrolled, software, last_seen) VALUES (?1, ?2, ?3, ?2)
             ON CONFLICT (id) DO UPDATE SET software = ?3, last_seen = ?2, removed = NULL`,
          )
          .bind(device, at, software),
        ...models.map(({ model, channel, release, bundle, state, reason, rows, errors }) =>
          database
            .prepare(
              `INSERT INTO device_models VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
               ON CONFLICT (device, model, channel) DO UPDATE SET
                 release = ?4, bundle = ?5, state = ?6, reason = ?7, rows = ?8, errors = ?9, last_seen = ?10
               -- A heartbeat that was held up says nothing about a newer release.
               WHERE device_models.release <= ?4`,
            )
            .bind(device, model, channel, release, bundle, state, reason, rows, errors, at),
        ),
      ]);
    },
    async list() {
      const [devices, models] = await database.batch<Record<string, unknown>>([
        database
          .prepare(
            'SELECT id, enrolled, software, last_seen AS lastSeen, removed FROM devices ORDER BY id LIMIT ?',
          )
          .bind(MAX_LISTED_DEVICES),
        database.prepare(
          `SELECT device, model, channel, release, bundle, state, reason, rows, errors, last_seen AS lastSeen
           FROM device_models ORDER BY device, model, channel`,
        ),
      ]);
      const reported = models.results as unknown as (DeviceModel & { readonly device: string })[];
      const byDevice = Map.groupBy(reported, ({ device }) => device);
      return (devices.results as unknown as Omit<DeviceRecord, 'models'>[]).map((row) => ({
        ...row,
        models: (byDevice.get(row.id) ?? []).map(({ device: _, ...model }) => model),
      }));
    },
    async remove(device, caller) {
      const at = new Date().toISOString();
      const [, , , { results }] = await database.batch([
        database
          .prepare('UPDATE devices SET removed = ? WHERE id = ? AND removed IS NULL')
          .bind(at, device),
        auditEntry(database, { caller, action: 'device-remove', target: device, detail: '', at }),
        database
          .prepare(
            'UPDATE keys SET revoked = ?1 WHERE (device = ?2 OR id = ?2) AND revoked IS NULL',
          )
          .bind(at, device),
        database.prepare('SELECT id FROM devices WHERE id = ?').bind(device),
      ]);
      return results.length > 0;
    },
  };
}
