import { render } from 'preact';
import { App } from './app.tsx';
import './styles/base.css';
import './styles/frame.css';
import './styles/inbox.css';
import './styles/lists.css';
import './styles/desk.css';
import './styles/card.css';
import './styles/conversation.css';
import './styles/editor.css';
import './styles/pages.css';
import './styles/narrow.css';

const root = document.getElementById('app');
if (root !== null) render(<App />, root);
