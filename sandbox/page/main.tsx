import { createRoot } from 'react-dom/client';
import 'slack-blocks-to-jsx/dist/style.css';
import './styles/frame.css';
import './styles/conversation.css';
import './styles/controls.css';
import './styles/dialogs.css';
import './styles/panel.css';
import './styles/clock.css';
import './styles/phone.css';
import { App } from './app.tsx';

const root = document.getElementById('page');
if (!root) throw new Error('The page has no #page');
createRoot(root).render(<App />);
