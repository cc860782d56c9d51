// Digests of the golden bundles: what every runtime must compute, bit for bit. They
// change only with a deliberate change of the arithmetic, which is a new kernel and
// a new answer for every bundle already deployed.
import type { Digests } from './golden.ts';

export const GOLDEN_DIGESTS: Readonly<Record<string, Digests>> = {
  'paper-dense': {
    bundle: '3912d7b54ce8d6ee834913fe11cbb6df95d87454ee094824e57c543cf1535047',
    rows: 'e2dc4ee8e97b271c44b1df97a788f15db1263e8e88864fee05032a48841a20bc',
    trace: 'c6982f80cc53a0fc23dd503451297c17f163241fd60a0b986878d52b69bccd04',
    exits: '909bdeea9d93543bbe80240c450d86534136e5349be53e9763a5eb9b11173e7d',
  },
  'paper-sparse': {
    bundle: 'a850a9a247d74dbdd49dd7759f6c36706fae634d5b37e6faaeb4e82249fb1fc5',
    rows: 'a6458aa64ec6b74d2f0a7a39775e1085f08f0af912cc7d18f32648bee5ebdc78',
    trace: '752003661381fc851f97410df0b419923e811c5baaa7d16325742ba5b6c1e31e',
    exits: '83d15b6923c3374bce92327d21a43375e040989881354a10f08cd00015587fd2',
  },
  'incremental-dense': {
    bundle: '4951bd25d6f2903874b01815638c040a18aff91fe10af9f6b6d842fc8b08b95d',
    rows: 'f7f18b27afa1a5250c2700a8cf341cf6b7a55b55685b6720c24566b3759d13e9',
    trace: '8f6fc10528a66d92c78e4a82e194b20cfb64394c8f7e4103cf930cd69a14c594',
    exits: 'd8d608633fd15effcc5a6924cc1a41baa393e1fc345b4a311b2fe9cd36ad74fd',
  },
  'incremental-sparse': {
    bundle: '8f55637333412623a5bf9e2d613db5f8755f4a0585f34b2e366b402700ea0690',
    rows: '927ed9f2408845576a4fb93af7a5dde95e6a4d41d497e296d5bce54bf31a972d',
    trace: '3a6ba90bf52fe89424720b0c97773514de901db505ab05a3f96943f679d34905',
    exits: '6aefe0ba3bd58e76cd33a9cae21aa67b9fd52ebcdbd73e2e9bae467de477c693',
  },
};
