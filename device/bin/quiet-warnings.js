// node:sqlite and type stripping announce themselves as experimental at every start; on a
// gateway's log that is noise. Every other warning stays.
const emitWarning = process.emitWarning;

process.emitWarning = (warning, ...rest) => {
  const [options] = rest;
  const type = typeof options === 'object' ? options?.type : options;
  if (type === 'ExperimentalWarning' || warning?.name === 'ExperimentalWarning') return;
  emitWarning.call(process, warning, ...rest);
};
