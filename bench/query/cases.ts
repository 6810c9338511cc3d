/** An operation as a client posts it, serialized once. */
export type Body = string;

const DASHBOARD = `query Dashboard($id: ID!, $first: Int!) {
  trader(id: $id) {
    id name country
    balances { asset total free }
    orders(first: 10) { id price quantity instrument { symbol name bid ask openInterest } }
  }
  instruments(first: $first) { symbol bid ask openInterest }
}`;
const THREE_HOP = `query ThreeHop($first: Int!, $count: Int!) {
  instruments(first: $first) {
    symbol name bid ask openInterest
    largest(count: $count) { quantity holder { id name country balances { asset total } } }
  }
}`;
const VALUES = 200;

/** What is asked under each key. Under all but `identical` no two alike are in flight together. */
export const CASES: Readonly<Record<string, readonly Body[]>> = {
  dashboard: bodies((index) => ({
    query: DASHBOARD,
    variables: { id: `t${index}`, first: 10 + (index % 10) },
  })),
  threeHop: bodies((index) => ({
    query: THREE_HOP,
    variables: { first: 11 + (index % 20), count: 1 + Math.floor(index / 20) },
  })),
  distinct: bodies((index) => ({
    query: `query Distinct${index} { trader(id: "d${index}") { n${index}: name balances { asset total } orders(first: ${1 + (index % 20)}) { id price instrument { symbol bid openInterest } } } instruments(first: ${1 + (index % 10)}) { symbol ask } }`,
  })),
  identical: bodies(() => ({ query: THREE_HOP, variables: { first: 20, count: 3 } })).slice(0, 1),
};

function bodies(make: (index: number) => object): readonly Body[] {
  return Array.from({ length: VALUES }, (_, index) => JSON.stringify(make(index)));
}
