// `dandan export`: a bundle in a form that other runtimes open.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readBundle } from '@dandan/shared/bundle';
import { InputError } from '@dandan/shared/error';
import { Command } from 'commander';
import { exportOnnx } from '../../export/export-onnx.ts';
import { writeFileAtomic } from '../../run/write-file-atomic.ts';
import { createOutput } from '../output.ts';
import { readBundleFile } from '../read-bundle-file.ts';

interface ExportFlags {
  bundle: string;
  onnx: boolean;
  out: string;
  json: boolean;
}

async function run(flags: ExportFlags): Promise<void> {
  const output = createOutput(flags.json);
  if (!flags.onnx) {
    throw new InputError('option-invalid', 'Say which form to export', {
      field: '--onnx',
      allowed: '--onnx; a bundle is a safetensors file as it is',
    });
  }
  const bundle = await readBundle(await readBundleFile(flags.bundle));
  await mkdir(flags.out, { recursive: true });
  const files: { file: string; bytes: number }[] = [];
  for (const [name, bytes] of exportOnnx(bundle)) {
    const file = join(flags.out, name);
    await writeFileAtomic(file, bytes);
    files.push({ file, bytes: bytes.byteLength });
    output.line(`${file}  ${bytes.byteLength} bytes`);
  }
  const { thresholds } = bundle.manifest.policies.day;
  output.line(
    `cascade.onnx reads x and answers class_k and confidence_k of every stage; a node stops at the first k with confidence_k of at least ${thresholds.map((value) => value ?? 'never').join(', ')}.`,
  );
  output.result({ model: bundle.manifest.model, files, thresholds });
}

export function exportCommand(): Command {
  return new Command('export')
    .description('Write a bundle as ONNX with QDQ: the cascade as one graph, and every stage.')
    .requiredOption('--bundle <file>', 'bundle that train wrote')
    .option('--onnx', 'as ONNX (opset 17, int8 weights in QuantizeLinear form)', false)
    .option('--out <dir>', 'where the files go', 'out/onnx')
    .option('--json', 'one JSON object as the last line of stdout', false)
    .action((flags: ExportFlags) => run(flags));
}
