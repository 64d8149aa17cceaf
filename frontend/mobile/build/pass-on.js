const { request } = require('node:http')

/** Metro's middleware, before which what belongs to the API goes to its server as it came: same host, same origin. */
exports.passOn = (server, paths) => (metro) => (asked, answer, next) => {
  if (!paths.some((path) => asked.url.startsWith(path))) return metro(asked, answer, next)
  const sent = request(new URL(asked.url, server), { method: asked.method, headers: asked.headers }, (found) => {
    answer.writeHead(found.statusCode, found.headers)
    found.pipe(answer)
  })
  sent.on('error', () => answer.destroy())
  asked.pipe(sent)
}
