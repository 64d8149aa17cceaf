import { useLingui } from '@lingui/react/macro'

/** What an event or a change says was touched, in words; a number of a request or complaint stays as it is. */
export function useFieldNames(): (name: string) => string {
  const { t } = useLingui()
  const names: Record<string, string | undefined> = {
    givenName: t`given name`, familyName: t`family name`, birthdate: t`date of birth`, personalCode: t`personal code`, address: t`address`, phoneNumber: t`phone number`,
    email: t`e-mail address`, paymentMethod: t`payment method`, cookies: t`cookies`, locale: t`language`, theme: t`appearance`, timeZone: t`time zone`, label: t`name`,
    newsByEmail: t`news by e-mail`, personalisedContent: t`content chosen for you`, personalisedAds: t`offers chosen for you`, adTopics: t`topics`,
    recoveryCodes: t`recovery codes`, relatedPersons: t`related persons`, services: t`services`, password: t`password`, factors: t`factors`, sessions: t`sessions`, is_default: t`what to use first`,
    messages: t`messages`, notes: t`notes`, preferences: t`preferences`, requests: t`requests`, complaints: t`complaints`, holds: t`holds`, closures: t`the closing of the account`,
    number: t`customer number`, name: t`family name and date of birth`, service: t`service`, relatedPersonEmail: t`e-mail address of a related person`,
    relatedPersonName: t`name of a related person`, relatedPersonPhoneNumber: t`phone number of a related person`, oldValue: t`an old value`, newValue: t`a new value`,
    signInIp: t`IP address of a sign-in`, serviceName: t`name of a service`, all: t`everything`, payment_method: t`payment methods`, sign_in: t`sign-ins`, message: t`messages`, rights_request: t`requests`,
    OFFICE_DELETION: t`deletion at the office`, CLOSING_FOR_TERMS: t`closing under the terms`, HOLD_RELEASE: t`release of a hold`, POLICY_PUBLICATION: t`publication of a policy version`,
    TOTP: t`authenticator app`, PASSKEY: t`passkey`, RECOVERY_CODE: t`recovery code`, PASSWORD: t`password`,
  }
  return (name) => names[name] ?? name
}
