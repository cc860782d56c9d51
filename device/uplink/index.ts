export { createUplink, type Uplink, type UplinkOptions } from './create-uplink.ts';
