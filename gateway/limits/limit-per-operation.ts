import {
  type ASTVisitor,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';

/** Counts something in one selection, without its children. */
export type CountOfSelection = (selection: SelectionNode) => number;

/**
 * A rule that adds something up over an operation, each spread of a fragment as often as it occurs,
 * and refuses the operation above a limit. The limit is not disclosed. Each fragment is added up
 * once and cycles end where they close, so the rule is linear in the document.
 */
export function limitPerOperation(options: {
  readonly limit: number;
  readonly message: string;
  readonly countOperation?: (operation: OperationDefinitionNode) => number;
  readonly countSelection: CountOfSelection;
}) {
  return (context: ValidationContext): ASTVisitor => {
    const fragments = new Map<string, number>();
    const countFragment = (name: string): number => {
      const known = fragments.get(name);
      if (known !== undefined) return known;
      fragments.set(name, 0); // another rule reports cycles
      const fragment: FragmentDefinitionNode | null | undefined = context.getFragment(name);
      const count = fragment ? countSet(fragment.selectionSet) : 0;
      fragments.set(name, count);
      return count;
    };
    const countSet = (set: SelectionSetNode): number =>
      set.selections.reduce((sum, selection) => sum + countOf(selection), 0);
    const countOf = (selection: SelectionNode): number => {
      const own = options.countSelection(selection);
      if (selection.kind === Kind.FRAGMENT_SPREAD) return own + countFragment(selection.name.value);
      return own + (selection.selectionSet ? countSet(selection.selectionSet) : 0);
    };
    return {
      OperationDefinition: (operation) => {
        const count = (options.countOperation?.(operation) ?? 0) + countSet(operation.selectionSet);
        if (count > options.limit) context.reportError(new GraphQLError(options.message));
      },
    };
  };
}
