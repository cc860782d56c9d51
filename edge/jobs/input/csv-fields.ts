// The fields of one CSV record (RFC 4180).
import { InputError } from '@dandan/shared/error';

function malformed(message: string, field: string, value: string): never {
  throw new InputError('rows-malformed', message, {
    field,
    value,
    allowed: 'fields as in RFC 4180: quotes around the whole field, doubled inside',
  });
}

/** A quoted field that begins at `begin`; the index behind its closing quote. */
function readQuoted(record: string, begin: number, place: string): { text: string; end: number } {
  let text = '';
  let from = begin + 1;
  for (;;) {
    const quote = record.indexOf('"', from);
    if (quote < 0) malformed('A quote is never closed', place, record.slice(begin));
    text += record.slice(from, quote);
    if (record[quote + 1] !== '"') return { text, end: quote + 1 };
    text += '"';
    from = quote + 2;
  }
}

/** @throws {InputError} `rows-malformed`. */
export function csvFields(record: string): string[] {
  if (!record.includes('"')) return record.split(',');
  const fields: string[] = [];
  for (let at = 0; ; at++) {
    const place = `field ${fields.length + 1}`;
    if (record[at] === '"') {
      const { text, end } = readQuoted(record, at, place);
      if (end < record.length && record[end] !== ',') {
        malformed('Something stands behind a closing quote', place, record.slice(at));
      }
      fields.push(text);
      at = end;
    } else {
      const comma = record.indexOf(',', at);
      const text = record.slice(at, comma < 0 ? record.length : comma);
      if (text.includes('"'))
        malformed('A quote stands inside a field without quotes', place, text);
      fields.push(text);
      at += text.length;
    }
    if (at >= record.length) return fields;
  }
}
