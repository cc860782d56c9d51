// The peers: a route without a body, and one that reads JSON. No key, no storage.
import { Hono } from 'hono';

const app = new Hono();
app.get('/', (c) => c.json({ ok: true }));
app.post('/', async (c) => {
  const { rows } = await c.req.json<{ rows: unknown[] }>();
  return c.json({ rows: rows.length });
});

export default app;
