import { registerRootComponent } from 'expo'
import { App } from './src/frame/app.tsx'

registerRootComponent(App)
