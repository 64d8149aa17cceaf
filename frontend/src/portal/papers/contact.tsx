import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { graphql } from '../../gql/customer'
import { asking, useAsk } from '../../shared/api/queries.tsx'
import { useFormat } from '../../shared/format.ts'
import { Card, Facts, Page } from '../../shared/ui/parts.tsx'
import { ComplaintForm, ComplaintReceived, type Received } from './complaint-form.tsx'

const CompanyPaper = graphql(`
  query CompanyPaper {
    viewer { id }
    company {
      name registrationNumber email phoneNumber
      offices { id name openingHours address { streetAddress locality postalCode country } }
      authorities { name country website howToComplain }
    }
  }
`)

/** Who we are, where to find us, who supervises us, and a complaint from anybody. */
export function Contact() {
  const { t } = useLingui()
  const format = useFormat()
  const { company, viewer } = useAsk(CompanyPaper, {})
  const [received, setReceived] = useState<Received>()
  return (
    <Page title={t`Contact and complaints`} lead={<Trans>{company.name}, company number {company.registrationNumber}</Trans>}>
      <Card title={<Trans>Reach us</Trans>}>
        <Facts facts={[
          [t`E-mail`, <a href={`mailto:${company.email}`} key="mail">{company.email}</a>],
          [t`Phone`, <a href={`tel:${company.phoneNumber}`} key="tel">{company.phoneNumber}</a>],
          ...company.offices.map((office): [string, React.ReactNode] => [
            office.name,
            <>{office.address.streetAddress}, {office.address.locality} {office.address.postalCode}, {format.country(office.address.country)}<br /><span className="quiet-text">{office.openingHours}</span></>,
          ]),
        ]} />
      </Card>
      <Card title={<Trans>Complain to us</Trans>}>
        {received ? <ComplaintReceived received={received} /> : (
          <>
            <p><Trans>About how we treat your data or anybody's. We say that we have it within days and answer every one.</Trans></p>
            <ComplaintForm named={viewer === null} done={setReceived} />
          </>
        )}
      </Card>
      <Card title={<Trans>Complain to an authority</Trans>}>
        <p><Trans>You may do so at any time, without asking us first.</Trans></p>
        <Facts facts={company.authorities.map((one) => [`${one.name}, ${format.country(one.country)}`, <>{one.howToComplain}<br /><a href={one.website} rel="noreferrer">{one.website.replace(/^https?:\/\//, '')}</a></>])} />
      </Card>
    </Page>
  )
}
Contact.before = asking(CompanyPaper, {})
