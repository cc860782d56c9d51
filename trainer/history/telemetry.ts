// What the telemetry files of a plant hold once they are read; the gateway reads them alike.
export {
  type ChannelFound,
  HISTORY_SETS,
  type HistorySet,
  type Run,
  type Series,
  type Telemetry,
} from '@dandan/shared/telemetry-table';
