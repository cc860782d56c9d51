// Messages that other systems find the gateway's predictions by.

export interface OutputMessage {
  readonly topic: string;
  /** Empty and retained: whoever listens forgets the topic. */
  readonly payload: string;
  readonly retain: boolean;
}

/** A model as other systems see it. */
export interface OutputModel {
  readonly model: string;
  /** Names of its classes, by number. */
  readonly classes: readonly string[];
}
