import '../shared/styles/index.css'
import { start } from '../shared/start.tsx'
import { Dashboard } from './dashboard.tsx'

void start({ en: () => import('./words/en.po'), lv: () => import('./words/lv.po') }, <Dashboard />)
