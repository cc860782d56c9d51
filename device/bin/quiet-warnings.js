// Warnings that nobody who runs a gateway can do anything about. Every other one stays.

/**
 * node:sqlite and type stripping announce themselves as experimental at every start. The MQTT client
 * parses the broker's URL by url.parse() (DEP0169), of which Node says nothing within packages; but
 * the bundled gateway is none.
 */
function isNoise(name, code) {
  return name === 'ExperimentalWarning' || code === 'DEP0169';
}

const emitWarning = process.emitWarning;

process.emitWarning = (warning, ...rest) => {
  const [options] = rest;
  const given = typeof options === 'object' ? options : { type: options, code: rest[1] };
  if (isNoise(given?.type ?? warning?.name, given?.code ?? warning?.code)) return;
  emitWarning.call(process, warning, ...rest);
};
