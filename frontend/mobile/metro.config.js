const { getDefaultConfig } = require('expo/metro-config')
const { join } = require('node:path')
const { passOn } = require('./build/pass-on.js')

const config = getDefaultConfig(__dirname)

// what is shared with the pages; packages are this folder's own, never the pages' (they have another React)
config.watchFolders = [join(__dirname, '../src/shared')]
config.resolver.nodeModulesPaths = [join(__dirname, 'node_modules')]
config.resolver.blockList = [/frontend\/node_modules\/.*/]

// the API refuses other origins: while developing for the web it is reached through this server
config.server.enhanceMiddleware = passOn(process.env.OCTOPUS_SERVER ?? 'http://localhost:8000', ['/graphql', '/exports/'])

module.exports = config
