/** No operation can cost more, however much is left. The explorer's dashboard costs 2,300. */
export const MAX_OPERATION_COST = 50_000;
