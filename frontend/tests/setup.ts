import { cleanup, configure } from '@testing-library/react'
import { afterEach } from 'vitest'

configure({ asyncUtilTimeout: 20_000 }) // a busy machine is no fault of the page's
afterEach(cleanup)
