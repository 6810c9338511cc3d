/**
 * The `reason` of an error that says: another process of this subgraph serves that now. Anyone who asks again should ask
 * over a new connection, which leads to that process.
 */
export const SERVED_ELSEWHERE = 'SERVED_ELSEWHERE';
