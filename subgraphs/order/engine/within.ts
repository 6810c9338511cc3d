/** The work's result, or `late` when it takes longer than that; the work goes on all the same. */
export function within<Result>(limitMs: number, work: Promise<Result>): Promise<Result | 'late'> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => resolve('late'), limitMs);
    void work.then(resolve, reject).finally(() => clearTimeout(limit));
  });
}
