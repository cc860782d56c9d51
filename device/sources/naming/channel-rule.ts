// What a person says about one channel of a foreign source: its name here, its scale, its unit.

export interface ChannelRule {
  /** Name in the bundle's feature spec. */
  readonly channel: string;
  /** The sample is `value · scale + offset`. */
  readonly scale: number;
  readonly offset: number;
  /** Unit of the sample. @default {that of the source, where nothing is scaled} */
  readonly unit?: string | undefined;
}

/** Rules by the name that the source uses. */
export type ChannelRules = Readonly<Record<string, ChannelRule>>;

/** The rule of `name`, if it has one of its own. */
export function ruleOf(rules: ChannelRules, name: string): ChannelRule | undefined {
  return Object.hasOwn(rules, name) ? rules[name] : undefined;
}

/** True where the rule leaves values, and so their unit, as they are. */
export function keepsValue({ scale, offset }: ChannelRule): boolean {
  return scale === 1 && offset === 0;
}
