import { Fragment, type ReactNode } from 'react'

/** The policy's own Markdown: headings, paragraphs, lists, **strong** and `code`. */
export function Text({ text }: { text: string }) {
  return <div className="prose">{text.trim().split(/\n{2,}/).map((block, place) => <Block key={place} block={block} />)}</div>
}

function Block({ block }: { block: string }) {
  const heading = /^(#{1,6}) +(.*)$/s.exec(block)
  if (heading) {
    const [, marks = '#', title = ''] = heading
    const [first = '', ...rest] = title.split('\n')
    const id = /^[\d.]+/.exec(first)?.[0]
    const Level = `h${Math.min(6, Math.max(2, marks.length))}` as 'h2'
    return <><Level {...(id ? { id: `clause-${id}` } : {})}>{first}</Level>{rest.length > 0 && <p>{inline(rest.join(' '))}</p>}</>
  }
  if (/^[-*] /.test(block)) return <ul>{block.split(/\n(?=[-*] )/).map((one) => <li key={one}>{inline(one.slice(2))}</li>)}</ul>
  return <p>{inline(block)}</p>
}

const inline = (text: string): ReactNode =>
  text.split(/(\*\*[^*]+\*\*|`[^`]+`)/).map((part, place) => {
    if (part.startsWith('**')) return <strong key={place}>{part.slice(2, -2)}</strong>
    if (part.startsWith('`')) return <code key={place}>{part.slice(1, -1)}</code>
    return <Fragment key={place}>{part}</Fragment>
  })
