// Exit codes of every command.
export const EXIT = {
  ok: 0,
  failure: 1,
  usage: 2,
  /** `retrain`: nothing went wrong, and the model in use stays. */
  kept: 3,
  /** 128 + SIGINT, as shells expect of a program stopped by Ctrl-C. */
  interrupted: 130,
} as const;
