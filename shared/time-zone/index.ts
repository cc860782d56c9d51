export {
  createOffsets,
  DAY,
  DAY_MINUTES,
  dateOf,
  dayOf,
  findTransition,
  isTimeZone,
  MINUTE,
  type OffsetAt,
  wallClock,
} from './time-zone.ts';
