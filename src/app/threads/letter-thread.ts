import { showLetter } from '../../api/letters/show.ts';
import { readLetter, readLetterHead, readLetterParts } from '../../connectors/mail/parse/read.ts';
import { serveJobs } from '../../runtime/jobs/serve.ts';

// A thread of the pool that reads and shows letters; see pools.ts.
serveJobs([readLetter, readLetterParts, readLetterHead, showLetter]);
