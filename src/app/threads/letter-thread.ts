import { showLetter } from '../../api/letters/show.ts';
import { readTranscript } from '../../connectors/asterisk/transcripts/read.ts';
import { readLetter, readLetterHead, readLetterParts } from '../../connectors/mail/parse/read.ts';
import { indexText } from '../../intake/search/index-text.ts';
import { serveJobs } from '../../runtime/jobs/serve.ts';

// Worker thread of the pool that parses letters and transcripts, renders letters for display, and splits texts into words; see
// pools.ts.
serveJobs([readLetter, readLetterParts, readLetterHead, showLetter, indexText, readTranscript]);
