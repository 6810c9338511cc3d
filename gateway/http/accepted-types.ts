/**
 * Whether an `Accept` header names one of these media types with a weight above 0.
 * @param names in lower case; wildcards only if they are to count
 */
export function accepts(accept: string, names: readonly string[]): boolean {
  return accept.split(',').some((range) => {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    return names.includes(name) && !parameters.some((parameter) => NOT_AT_ALL.test(parameter));
  });
}

const NOT_AT_ALL = /^q=0(\.0*)?$/;
