// Requests that wait for the edge, one gateway after the other, so that a busy gateway
// delays itself and nobody else.

export interface FairQueueOptions {
  /** Most that wait. */
  readonly limit: number;
  /** Most of one owner's. */
  readonly ownerLimit: number;
  /** Most bytes of all together. */
  readonly byteLimit: number;
}

export interface Queued {
  readonly owner: string;
  readonly bytes: number;
}

export interface FairQueue<T extends Queued> {
  readonly size: number;
  /** Appends. @returns false where there is no room. */
  add(item: T): boolean;
  /** The oldest item of the owner whose turn it is. */
  take(): T | undefined;
}

export function createFairQueue<T extends Queued>(options: FairQueueOptions): FairQueue<T> {
  const { limit, ownerLimit, byteLimit } = options;
  /** In turn: an owner that was served goes to the end. Nobody without items is here. */
  const owners = new Map<string, T[]>();
  let size = 0;
  let bytes = 0;
  return {
    get size() {
      return size;
    },
    add(item) {
      const items = owners.get(item.owner) ?? [];
      const full = size >= limit || items.length >= ownerLimit || bytes + item.bytes > byteLimit;
      if (full) return false;
      items.push(item);
      owners.set(item.owner, items);
      size++;
      bytes += item.bytes;
      return true;
    },
    take() {
      const [next] = owners;
      if (next === undefined) return undefined;
      const [owner, items] = next;
      // Owners are kept only with items.
      const item = items.shift() as T;
      owners.delete(owner);
      if (items.length > 0) owners.set(owner, items);
      size--;
      bytes -= item.bytes;
      return item;
    },
  };
}
