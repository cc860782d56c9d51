const R = process.argv[2];
const { createOurs, bundleOf, quantisedStage } = await import(`${R}/bench/infer/contestants/ours.ts`);
const { createNetwork } = await import(`${R}/bench/infer/network.ts`);
const { createRows } = await import(`${R}/bench/infer/rows.ts`);
const shapes: any[] = [['128-128-40',128,128,40,undefined],['1433-128-7 sparse',1433,128,7,18],['64-64-8',64,64,8,undefined],['1433-128-7',1433,128,7,undefined]];
for (const [name,i,h,c,nz] of shapes) for (const batch of [1,1024]) {
  const net = createNetwork(i,h,c,nz ?? i);
  const o = createOurs({ bundle: bundleOf([quantisedStage(net)], i, c, nz !== undefined), rows: createRows(i, batch, nz) });
  const n = batch === 1 ? 100000 : 100;
  let best = 1e9;
  for (let w = 0; w < 12; w++) { const t = performance.now(); for (let k = 0; k < n; k++) o.run(); best = Math.min(best, (performance.now() - t) * 1000 / n); }
  console.log(name, batch, best.toFixed(3));
}
