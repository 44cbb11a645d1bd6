import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import './style.css';
import './records.css';
import './decisions.css';
import './receiving.css';
import './need.css';
import './plan.css';

const root = document.getElementById('app');
if (!root) throw new Error('index.html has no #app');
createRoot(root).render(<App />);
