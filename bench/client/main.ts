import { answerParent } from '../processes/answer-parent.ts';
import { Population, type PopulationOptions } from './population.ts';

let population: Population | null = null;

/** The clients of a benchmark: a process of its own, so that it takes no time from the server. */
answerParent({
  connect: async (options: PopulationOptions) => {
    population = await Population.connect(options);
    await population.settle();
  },
  saturate: (plan: Parameters<Population['saturate']>[0]) => connected().saturate(plan),
  pace: (plan: Parameters<Population['pace']>[0]) => connected().pace(plan),
  disconnect: () => {
    population?.close();
    population = null;
  },
});

function connected(): Population {
  if (population === null) throw new Error('Nobody is connected.');
  return population;
}
