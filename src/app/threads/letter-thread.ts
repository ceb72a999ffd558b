import { showLetter } from '../../api/letters/show.ts';
import { readLetter, readLetterHead, readLetterParts } from '../../connectors/mail/parse/read.ts';
import { serveJobs } from '../../runtime/jobs/serve.ts';

// Worker thread of the pool that parses letters and renders them for display; see pools.ts.
serveJobs([readLetter, readLetterParts, readLetterHead, showLetter]);
