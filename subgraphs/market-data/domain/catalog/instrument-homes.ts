/** Symbol → the venue that is the instrument's home. */
export type InstrumentHomes = ReadonlyMap<string, string>;
