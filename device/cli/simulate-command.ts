// The flags of `dandan-gateway simulate`.
import { type Command, Option } from 'commander';
import { SHAPES, TIME_UNITS } from '../simulate/index.ts';
import type { Streams } from './output.ts';
import { type SimulateFlags, simulateCommand } from './simulate.ts';

const many = (value: string, before: readonly string[] = []) => [...before, value];

/** Adds the command to a program; `done` gets its exit code. */
export function addSimulate(program: Command, streams: Streams, done: (code: number) => void) {
  program
    .command('simulate')
    .description('send a table or the embedded plant to a broker, with faults where asked for')
    .requiredOption('--broker <url>', 'mqtt:// or mqtts://')
    .requiredOption('--site <name>', 'site of the gateway that shall read it')
    .requiredOption('--gateway <name>', 'its name')
    .option('--username <name>', 'user at the broker')
    .option('--password-env <name>', 'environment variable that holds the password')
    .option('--password-file <file>', 'file that holds the password')
    .option('--ca-file <file>', 'PEM of the authority that signed its certificate')
    .option('--cert-file <file>', 'PEM of a client certificate')
    .option('--key-file <file>', 'PEM of its private key')
    .addOption(new Option('--protocol <version>').choices(['auto', '5', '3.1.1']).default('auto'))
    .addOption(new Option('--qos <level>').choices(['0', '1']).default('1'))
    .addOption(
      new Option('--shape <shape>', 'one message an asset and time, a channel, or bare numbers')
        .choices(SHAPES)
        .default('asset'),
    )
    .optionsGroup('Source (default: the embedded plant):')
    .option('--csv <file>', 'CSV with a header, also .gz')
    .option('--parquet <file>', 'Parquet: uncompressed, Snappy, gzip or Zstandard')
    .option('--project <folder>', 'a plant.yaml: its telemetry, as `dandan train` reads it')
    .option('--run <name>', 'of a project: this run alone')
    .option('--time-column <name>', 'default: t, time, timestamp, ts, datetime or date')
    .addOption(new Option('--time-unit <unit>').choices(TIME_UNITS).default('auto'))
    .option('--asset-column <name>', 'default: asset, asset_id, machine or device')
    .option('--asset <name>', 'the only asset, for a table without such a column')
    .option('--channels <list>', 'columns to send, as a,b=renamed; default: all others')
    .option('--channel-column <name>', 'makes it a long table: one value a row')
    .option('--value-column <name>', 'of a long table; default: value')
    .option('--delimiter <character>', 'of CSV: , ; or tab; default: ,')
    .option('--decimal-comma', 'numbers of CSV are written 1,5')
    .option('--plant-seed <number>', 'machines of the embedded plant; default: 1')
    .option('--day <number>', 'its day: load, faults and noise; default: 2')
    .option('--hours <number>', 'length of it; default: 8')
    .option('--lines <number>', 'default: 4')
    .option('--machines <number>', 'a line; default: 6')
    .optionsGroup('Time:')
    .option('--speed <factor>', 'seconds of history in a second, or max', '1')
    .option('--rate <samples>', 'samples a second, whatever their times')
    .option('--start <time>', 'time of the first sample: original, now or ISO 8601', 'original')
    .option('--loop', 'begin again, later in time, until Ctrl-C', false)
    .optionsGroup('Faults (shares are 0..1, lengths seconds):')
    .option('--seed <number>', 'fixes every fault', '1')
    .option('--truth <file>', 'write what was injected, one JSON object a line')
    .option('--drop <share>', 'messages that are lost')
    .option('--outage <share,length>', 'time in which nothing gets through')
    .option('--outage-keeps', 'what an outage held back comes at its end')
    .option('--duplicate <share>', 'messages that come twice')
    .option('--reorder <seconds>', 'each message late by up to so much')
    .option('--latency <ms,jitter>', 'mean and deviation of the way to the broker')
    .option('--skew <rule>', 'press-*=constant:MS, =drift:MS_AN_HOUR, =jump:MS@SECONDS', many)
    .option('--stuck <share,length>', 'a channel repeats its last value')
    .option('--noise <deviations>', 'Gaussian, in deviations of the channel')
    .option('--gap <share,length>', 'a channel is silent')
    .option('--unit-mistake <share,length>', 'a channel reports in another unit')
    .option('--garbage <share>', 'messages followed by an unreadable one')
    .option('--retained <share>', 'messages that the broker keeps')
    .option('--json', 'print one JSON object as the last line of stdout', false)
    .action(async (flags: SimulateFlags) => done(await simulateCommand(flags, streams)));
}
