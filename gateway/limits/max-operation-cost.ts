/** No operation may cost more, however much is left. A dashboard costs a few hundred. */
export const MAX_OPERATION_COST = 50_000;
