import { describe } from 'vitest';
import { MemoryEventBus } from './memory-event-bus.ts';
import { describeEventBus } from './test-event-bus-contract.ts';

describe('EventBus: memory', () => describeEventBus(() => Promise.resolve(new MemoryEventBus())));
