import { memoryStore } from '../../../local/memory/memory-store.ts';
import { describeStore } from '../../functions/runtime/store-conformance.ts';

const store = memoryStore();

describeStore('the store in memory', () => store);
