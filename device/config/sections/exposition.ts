// The port for Prometheus and for whoever asks whether the gateway is well.
import * as z from 'zod';

export const expositionSection = z.strictObject({
  /** Other machines are let in by naming an address of the plant network. */
  host: z.string().min(1).max(255).default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(9464),
});
