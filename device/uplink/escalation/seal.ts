// A keyed hash over a request or a response, between a gateway and a bridge that share a
// secret: whoever writes to the broker without it can neither ask nor answer.

/** The two directions: an answer can never be passed off as a question. */
export type Sealed = 'request' | 'response';

export interface SealedMessage {
  readonly direction: Sealed;
  /** Topic that the message is published to, and where an answer is wanted. */
  readonly topic: string;
  readonly responseTopic: string;
  /** SHA-256 of the request's body: it binds an answer to its question. */
  readonly correlation: Uint8Array;
  /** HTTP status and Retry-After of a response, empty for a request. */
  readonly status: string;
  readonly retryAfter: string;
  readonly body: Uint8Array;
}

export interface Seal {
  /** 64 hex digits. */
  sign(message: SealedMessage): Promise<string>;
  /** In constant time, by WebCrypto. */
  verify(message: SealedMessage, seal: string | undefined): Promise<boolean>;
}

/** Every field with its length, so that no two messages are the same bytes. */
function bytesOf(message: SealedMessage): Uint8Array<ArrayBuffer> {
  const { direction, topic, responseTopic, correlation, status, retryAfter, body } = message;
  const texts = [direction, topic, responseTopic, status, retryAfter].map((text) =>
    Buffer.from(text),
  );
  return Buffer.concat(
    [...texts, Buffer.from(correlation), Buffer.from(body)].flatMap((part) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(part.length);
      return [length, part];
    }),
  );
}

/** HMAC-SHA-256 under `secret`. */
export async function createSeal(secret: string): Promise<Seal> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const bytes = new TextEncoder().encode(`dandan escalation seal 1\n${secret}`);
  const key = await crypto.subtle.importKey('raw', bytes, algorithm, false, ['sign', 'verify']);
  return {
    async sign(message) {
      return Buffer.from(await crypto.subtle.sign('HMAC', key, bytesOf(message))).toString('hex');
    },
    async verify(message, seal) {
      if (seal === undefined || !/^[0-9a-f]{64}$/.test(seal)) return false;
      return crypto.subtle.verify('HMAC', key, Buffer.from(seal, 'hex'), bytesOf(message));
    },
  };
}
