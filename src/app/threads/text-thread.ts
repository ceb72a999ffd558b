import { identifiersIn } from '../../domain/written/suggestions.ts';
import { findIdentifiers } from '../../intake/text-reader.ts';
import { serveJobs } from '../../runtime/jobs/serve.ts';

// Worker thread of the pool that searches texts for identifiers; see pools.ts. The first search compiles the code and the
// metadata of numbers; on a busy machine it would exceed the deadline, and the first text would have no suggestions.
serveJobs([findIdentifiers], () => {
  identifiersIn('8 (912) 345-67-89, +49 30 901820 ext. 5, office@company.example', 'RU');
});
