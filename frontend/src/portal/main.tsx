import '../shared/styles/index.css'
import './portal.css'
import { RouterProvider } from '@tanstack/react-router'
import { start } from '../shared/start.tsx'
import { router } from './router.tsx'

void start(
  { en: () => import('./words/en.po'), lv: () => import('./words/lv.po') },
  (client) => <RouterProvider router={router} context={{ client }} />,
  (client) => {
    router.update({ ...router.options, context: { client } })
    void router.load()
  },
)
