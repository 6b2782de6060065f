/** Mounts the console. */
import '@fontsource-variable/inter/wght.css'
import '@/shared/ui/tokens.css'
import '@/app/app.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from '@/app/app'

const place = document.getElementById('console')
if (!place) throw new Error('index.html has no element #console')
createRoot(place).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
