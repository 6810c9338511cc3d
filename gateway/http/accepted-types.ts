/**
 * Whether an `Accept` header takes one of these media types, by name and not with a weight of 0.
 * @param names in lower case, wildcards among them where they count
 */
export function accepts(accept: string, names: readonly string[]): boolean {
  return accept.split(',').some((range) => {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    return names.includes(name) && !parameters.some((parameter) => NOT_AT_ALL.test(parameter));
  });
}

const NOT_AT_ALL = /^q=0(\.0*)?$/;
