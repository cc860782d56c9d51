// onnxruntime 1.30 collects usage data by default and keeps a log and a session file in
// the temporary folder; a plant's trainer tells nobody. To be imported before it loads.
process.env.ORT_DISABLE_TELEMETRY ??= '1';
