import { unitsOfDigits } from '#shared/domain/decimal.ts';
import { type Price, priceOfUnits } from '#shared/domain/price.ts';
import { type Quantity, quantityOfUnits } from '#shared/domain/quantity.ts';
import type { Level } from './level.ts';
import { priceScaleOf, quantityScaleOf } from './sent-form.ts';

/** What a row said at one moment. Its amounts are made when they are read: most quotes never are. */
export class RowLevel implements Level {
  readonly #priceDigits: number;
  readonly #quantityDigits: number;
  readonly #form: number;
  #price: Price | null = null;
  #quantity: Quantity | null = null;

  /**
   * @param price its digits, as one integer; so with the quantity
   * @param form of `levelForm`
   */
  constructor(price: number, quantity: number, form: number) {
    this.#priceDigits = price;
    this.#quantityDigits = quantity;
    this.#form = form;
  }

  get price(): Price {
    const scale = priceScaleOf(this.#form);
    return (this.#price ??= priceOfUnits(unitsOfDigits(this.#priceDigits, scale)));
  }

  get quantity(): Quantity {
    const scale = quantityScaleOf(this.#form);
    return (this.#quantity ??= quantityOfUnits(unitsOfDigits(this.#quantityDigits, scale)));
  }

  /** The amounts alone, also for another process. */
  toJSON(): Level {
    return { price: this.price, quantity: this.quantity };
  }
}
