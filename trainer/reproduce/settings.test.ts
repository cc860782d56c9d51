import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DEFAULTS, TEACHER_DEFAULTS } from '../run/train-options.ts';
import { readSettings } from './settings.ts';

async function folder(files: Readonly<Record<string, unknown>>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'dandan-settings-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    await writeFile(join(dir, name), text);
  }
  return dir;
}

test('readSettings() without files gives the defaults of the teacher', async () => {
  const settings = await readSettings(await folder({}));
  expect(settings.optionsFor('any', 'gcn')).toMatchObject({
    ...DEFAULTS,
    structure: 'incremental',
    widths: [16, 32, 48, 64],
  });
  expect(settings.optionsFor('any', 'gat')).toMatchObject({
    teacher: 'gat',
    ...TEACHER_DEFAULTS.gat,
  });
});

test('readSettings() lets the narrower setting win, and merges those of students', async () => {
  const dir = await folder({
    'teachers.json': { '*': { gcn: { teacherHidden: 32 } }, cora: { gcn: { teacherDepth: 3 } } },
    'students.json': {
      '*': { '*': { dropout: 0.1, student: { alpha: 0.2, temperature: 2 } } },
      cora: { '*': { dropout: 0.2 }, gcn: { student: { alpha: 0.4 } } },
    },
  });
  const settings = await readSettings(dir);
  expect(settings.optionsFor('cora', 'gcn')).toMatchObject({
    teacherHidden: 32,
    teacherDepth: 3,
    dropout: 0.2,
    student: { ...DEFAULTS.student, alpha: 0.4, temperature: 2 },
  });
  expect(settings.optionsFor('cora', 'sage')).toMatchObject({
    teacherHidden: DEFAULTS.teacherHidden,
    dropout: 0.2,
    student: { alpha: 0.2 },
  });
  expect(settings.optionsFor('photo', 'gcn')).toMatchObject({ teacherDepth: 2, dropout: 0.1 });
});

test('readSettings() has settings of their own for held-out nodes', async () => {
  const dir = await folder({
    'students.json': { cora: { '*': { dropout: 0.2, inputDropout: 0.1 } } },
    'inductive.json': { '*': { '*': { inputDropout: 0.5 } } },
  });
  const settings = await readSettings(dir);
  expect(settings.optionsFor('cora', 'gcn')).toMatchObject({ setting: 'tran', inputDropout: 0.1 });
  expect(settings.optionsFor('cora', 'gcn', 'ind')).toMatchObject({
    setting: 'ind',
    dropout: 0.2,
    inputDropout: 0.5,
  });
});

test('readSettings() gives each network of an ensemble the settings of its kind', async () => {
  const dir = await folder({
    'teachers.json': { '*': { gcn: { teacherHidden: 32 } }, cora: { gat: { teacherDepth: 3 } } },
  });
  const { teacherMembers } = (await readSettings(dir)).optionsFor('cora', 'ensemble');
  expect(teacherMembers).toMatchObject([
    { teacher: 'gcn', teacherHidden: 32, teacherDepth: 2 },
    { teacher: 'gat', teacherDepth: 3, teacherDropout: 0.6 },
    { teacher: 'sage', teacherHidden: 64, teacherDropout: 0.5 },
  ]);
});

test.each([
  ['not JSON', '{', 'content'],
  ['a list', [], 'teachers.json'],
  ['a misspelt option', { cora: { gcn: { teacherWidth: 3 } } }, 'cora.gcn.teacherWidth'],
  ['a wrong type', { cora: { gcn: { dropout: '0.1' } } }, 'cora.gcn.dropout'],
  ['a misspelt option of students', { a: { gcn: { student: { b: 1 } } } }, 'a.gcn.student.b'],
])('readSettings() refuses %s and says where', async (_, content, field) => {
  const dir = await folder({ 'teachers.json': content });
  await expect(readSettings(dir)).rejects.toMatchObject({
    code: 'config-invalid',
    field: expect.stringContaining(field),
  });
});

test('the recommended settings of the package can be read', async () => {
  const settings = await readSettings();
  for (const teacher of ['gcn', 'gat', 'sage'] as const) {
    expect(settings.optionsFor('cora', teacher).teacher).toBe(teacher);
  }
});
