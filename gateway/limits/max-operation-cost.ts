/** No operation may cost more, however much is left. The dashboard of the explorer costs 2,300. */
export const MAX_OPERATION_COST = 50_000;
