// What the edge says a gateway shall run, held to the signed statement that it comes with.
import { sha256Hex } from '@dandan/shared/bundle';
import { InputError } from '@dandan/shared/error';
import {
  type Envelope,
  openPointer,
  type Pointer,
  type VerifyingKey,
  verifyPointer,
} from '@dandan/shared/release';
import { type ClockEvidence, plausibleNow } from './clock.ts';
import type { UpdateDocument } from './document.ts';
import type { UpdateEvent } from './events.ts';

export interface Offer {
  readonly envelope: Envelope;
  /** SHA-256 of the bundle that this gateway shall run. */
  readonly serve: string;
}

export interface OpenOfferOptions {
  readonly offer: Offer;
  readonly document: UpdateDocument;
  readonly keys: readonly VerifyingKey[];
  readonly clock: Omit<ClockEvidence, 'floor'>;
}

/** The statement's name: that of the signed bytes, whoever signed them. */
const statementOf = ({ payload }: Envelope) => sha256Hex(new TextEncoder().encode(payload));

/** Which bundle of a statement is meant: it names two, and nobody may lead anywhere else. */
function choose({ bundle, fallback }: Pointer, serve: string) {
  if (serve === bundle.sha256) return { bundle, role: 'bundle' } as const;
  if (serve === fallback?.sha256) return { bundle: fallback, role: 'fallback' } as const;
  throw new InputError('pointer-mismatch', 'The edge serves a bundle that nobody signed', {
    field: 'serve',
    value: serve,
    allowed: [bundle.sha256, fallback?.sha256].filter((each) => each !== undefined).join(' or '),
  });
}

/**
 * An offer as an event. A statement may be read again, as long as it is the very same; one of an
 * older number, or another of the same number, is refused. What is at hand already is returned to
 * without regard to the time: a statement that has expired forbids to install, not to roll back.
 *
 * @throws {InputError} `pointer-*`, `clock-implausible`.
 */
export async function openOffer(
  options: OpenOfferOptions,
): Promise<UpdateEvent & { kind: 'offered' }> {
  const { offer, document, keys, clock } = options;
  const { envelope, serve } = offer;
  const { model, channel, highest, issued, running, lastGood } = document;
  const statement = await statementOf(envelope);
  const subject = { envelope, keys, model, channel };
  const pointer = await verifyPointer(subject);
  const again =
    pointer.release === highest?.release &&
    (highest.statement === null || highest.statement === statement);
  const target = { release: pointer.release, envelope, ...choose(pointer, serve) };
  const atHand = [running, lastGood].some((each) => each?.bundle.sha256 === serve);
  if (!again || !atHand) {
    const now = plausibleNow({ ...clock, floor: issued });
    const after = (highest?.release ?? 0) - (again ? 1 : 0);
    await openPointer({ ...subject, after, now });
  }
  return {
    kind: 'offered',
    target,
    mark: { release: pointer.release, statement },
    issued: Date.parse(pointer.issued),
    at: clock.local,
  };
}
