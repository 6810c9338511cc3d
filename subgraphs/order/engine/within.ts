/** The work's result, or `late` if it takes longer than that; the work continues. */
export function within<Result>(limitMs: number, work: Promise<Result>): Promise<Result | 'late'> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => resolve('late'), limitMs);
    void work.then(resolve, reject).finally(() => clearTimeout(limit));
  });
}
