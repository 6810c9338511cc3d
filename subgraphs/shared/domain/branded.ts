declare const brand: unique symbol;

/**
 * A `T` that only a checking function can make, so that two ids or two kinds of number cannot be
 * mistaken for each other. The brand exists in the type alone.
 */
export type Branded<T, Name extends string> = T & { readonly [brand]: Name };
