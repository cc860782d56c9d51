// One stage over the rows that still climb: hidden layers, head, running output.
import { Block, Columns, Layer, Stage } from './block';
import { dense } from './dense';
import { AddedLogits, Codes, Logits } from './output';
import { mixIn } from './softmax';
import { sparse } from './sparse';

// @ts-ignore: decorator
@inline
function rowAt(block: Block, i: i32): usize {
  return <usize>load<i32>(block.active + (<usize>i << 2));
}

function firstLayer<P>(block: Block, stage: Stage, count: i32): void {
  const layer = changetype<Layer>(load<usize>(changetype<usize>(stage) + offsetof<Stage>('first')));
  if (stage.columns == 0) {
    dense<P, Codes>(
      layer, block.active, count, block.rows, block.rowBytes, layer.bias, 0,
      block.even, block.layerBytes,
    );
    return;
  }
  const columns = changetype<Columns>(stage.columns);
  for (let i = 0; i < count; i++) {
    const row = rowAt(block, i);
    const at = block.offsets + (row << 2);
    sparse<P>(
      columns, block.indices, block.codes, load<i32>(at), load<i32>(at, 4),
      block.sums + row * block.sumBytes,
    );
  }
  dense<P, Codes>(
    layer, block.active, count, block.rows + block.hidden, block.rowBytes,
    block.sums, block.sumBytes, block.even, block.layerBytes,
  );
}

export function runStage<P>(block: Block, stage: Stage, count: i32): void {
  firstLayer<P>(block, stage, count);
  let from = block.even;
  let to = block.odd;
  for (let depth = 1; depth < stage.depth; depth++) {
    const at = changetype<usize>(stage) + offsetof<Stage>('first') + (<usize>depth << 2);
    const layer = changetype<Layer>(load<usize>(at));
    dense<P, Codes>(
      layer, block.active, count, from, block.layerBytes, layer.bias, 0, to, block.layerBytes,
    );
    const next = from;
    from = to;
    to = next;
  }
  const head = changetype<Layer>(stage.head);
  for (let i = 0; i < count; i++) {
    const row = rowAt(block, i);
    const units = from + row * block.layerBytes;
    const own = block.rows + row * block.rowBytes + block.hidden + stage.unitsAt;
    for (let u: usize = 0; u < stage.unitBytes; u += 16) v128.store(own + u, v128.load(units + u));
  }
  const h = block.rows + block.hidden;
  if (stage.adds != 0) {
    dense<P, AddedLogits>(
      head, block.active, count, h, block.rowBytes, head.bias, 0, block.logits, block.classBytes,
    );
  } else {
    dense<P, Logits>(
      head, block.active, count, h, block.rowBytes, head.bias, 0, block.logits, block.classBytes,
    );
  }
  mixIn(block, count, stage.inverseTemperature);
}
