import '../shared/styles/index.css'
import './support.css'
import { RouterProvider } from '@tanstack/react-router'
import { start } from '../shared/start.tsx'
import { router } from './router.tsx'

void start(
  { en: () => import('./words/en.po'), lv: () => import('./words/lv.po') },
  (client) => <RouterProvider router={router} context={{ client }} />,
  (client) => {
    router.update({ ...router.options, context: { client }, defaultPendingMs: 0 }) // the frame first, whatever page is on its way
    void router.load().finally(() => router.update({ ...router.options, defaultPendingMs: 300 }))
  },
)
