/** A number with an exponent; none that means anything here has more digits of it. */
const WITH_EXPONENT = /^(-?)(\d{1,40})(?:\.(\d{1,40}))?[eE]([+-]?\d{1,2})$/;

/** The same number without an exponent, digit by digit: `1.2e-7` as `0.00000012`. Any other text as it is. */
export function plainNumber(text: string): string {
  const match = WITH_EXPONENT.exec(text);
  if (match === null) return text;
  const [, sign = '', whole = '', fraction = '', exponent = ''] = match;
  const point = whole.length + Number(exponent);
  const zerosBefore = '0'.repeat(Math.max(0, 1 - point));
  const digits = `${zerosBefore}${whole}${fraction}`.padEnd(point, '0');
  const begin = zerosBefore.length + point;
  const rest = digits.slice(begin);
  const plain = digits.slice(0, begin).replace(/^0+(?=\d)/, '');
  return `${sign}${plain}${rest === '' ? '' : `.${rest}`}`;
}
