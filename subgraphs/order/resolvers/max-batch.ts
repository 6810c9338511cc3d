/** The most commands of one request. */
export const MAX_BATCH = 100;
