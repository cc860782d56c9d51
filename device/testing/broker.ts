// Brokers for tests: Debian's mosquitto as a process, aedes inside this one.

export interface TestBroker {
  readonly url: string;
  /** Stops it, connections are cut; the port stays reserved for `start`. */
  stop(): Promise<void>;
  /** Starts it again on the same port. */
  start(): Promise<void>;
  /** Stops it for good and removes what it left on disk. */
  dispose(): Promise<void>;
}
