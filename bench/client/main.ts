import { answerParent } from '../processes/answer-parent.ts';
import { Population, type PopulationOptions } from './population.ts';

const populations: Population[] = [];

/** The clients of a benchmark, in their own process so that they take no time from the server. */
answerParent({
  connect: async (options: PopulationOptions) => {
    const population = await Population.connect(options);
    populations.push(population);
    await population.settle();
  },
  saturate: (plan: Parameters<Population['saturate']>[0]) => newest().saturate(plan),
  pace: (plan: Parameters<Population['pace']>[0]) => newest().pace(plan),
  leave: (oldest: number) => leave(oldest),
  disconnect: () => leave(populations.length),
});

function newest(): Population {
  const population = populations.at(-1);
  if (population === undefined) throw new Error('Nobody is connected.');
  return population;
}

function leave(oldest: number): void {
  for (const population of populations.splice(0, oldest)) population.close();
}
