import { costLimitRule } from '@escape.tech/graphql-armor-cost-limit';
import {
  type ASTNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type ValidationContext,
  type ValidationRule,
  visit,
} from 'graphql';

type Options = Parameters<typeof costLimitRule>[0];

/** The rule before it is built: it looks at operations only. */
interface OperationRule {
  readonly OperationDefinition: { enter(operation: OperationDefinitionNode): void };
}

/**
 * graphql-armor's cost limit, applied to the shape of a document alone: what it costs to plan. The
 * rule would also multiply by each literal page size, but not by one in a variable, so that the
 * same page would pass or not by how it is written. `operationCost` counts pages, and reads both.
 */
export function shapeCostRule(options: Options): ValidationRule {
  return (context) => {
    const fragments = new Map<string, FragmentDefinitionNode | null | undefined>();
    const shapes = Object.create(context, {
      getFragment: {
        value: (name: string) => {
          if (!fragments.has(name)) fragments.set(name, shapeOf(context.getFragment(name)));
          return fragments.get(name);
        },
      },
    }) as ValidationContext;
    const { OperationDefinition: rule } = costLimitRule(options)(
      shapes,
    ) as unknown as OperationRule;
    return { OperationDefinition: (operation) => rule.enter(shapeOf(operation)) };
  };
}

/** The node without any arguments. */
function shapeOf<Node extends ASTNode | null | undefined>(node: Node): Node {
  if (!node) return node;
  return visit(node, { [Kind.ARGUMENT]: () => null });
}
