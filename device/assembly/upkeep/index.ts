export { createUpkeep, type Upkeep, type UpkeepOptions } from './create-upkeep.ts';
