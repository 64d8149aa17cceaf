"""What is asked: the fixed operations A to D of design/performance.md, as trusted documents; and signing in wrongly."""

from pathlib import Path

import schema

DOCUMENTS = Path(schema.__file__).parent / "documents"
FILES = {"A": "customer/viewer", "B": "customer/account-page", "C": "customer/sign-ins", "D": "support/queue"}
SCHEMAS = {name: file.partition("/")[0] for name, file in FILES.items()}
OPERATIONS = {name: (DOCUMENTS / f"{file}.graphql").read_text() for name, file in FILES.items()}
ABOUT = {
    "A": "the viewer's profile, 10 scalars",
    "B": "the account page, about 115 leaves",
    "C": "50 sign-ins, about 405 leaves",
    "D": "the work queue of support, 20 requests, 302 leaves",
}
SIGN_IN = """mutation($email: String!, $password: String!) {
  signIn(email: $email, password: $password) { __typename ... on Refusal { code } }
}"""
STEP_UP = "mutation($password: String!) {stepUp(proof: {password: $password}) {__typename}}"
EXPORT = "mutation {requestExport {__typename ... on Refusal {code}}}"
EXPORTS = "{viewer {exports {status downloadUrl}}}"
DELETE = "mutation {deleteProfile {__typename ... on Refusal {code}}}"
