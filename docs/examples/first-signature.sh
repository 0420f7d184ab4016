#!/usr/bin/env bash
# Have a PDF signed through the REST API: create, upload, start, wait, download.
#
#   make run                                                  # prints the token
#   docs/examples/first-signature.sh contract.pdf act_….…     # then sign in the inbox, http://127.0.0.1:8025/
#
# Leaves signed.pdf and evidence.pdf in the current folder. Needs curl and python3.
set -euo pipefail

document=$1
token=$2
api=${PARAPH_API:-http://127.0.0.1:8000/api}

call() { # METHOD PATH [curl options …]: one request; an error's body is shown and ends the script
    curl --silent --show-error --fail-with-body --request "$1" --header "Authorization: Bearer $token" "$api$2" "${@:3}"
}
field() { # EXPRESSION: what it gives on the JSON in stdin, called `answer`
    python3 -c 'import json, sys; answer = json.load(sys.stdin); print(eval(sys.argv[1]))' "$1"
}
json=(--header 'Content-Type: application/json' --data)

echo "Who am I?"
me=$(call GET /users/me | field 'answer["id"]')
consent=$(call GET /consentPages | field 'answer["items"][0]["id"]')
profile=$(call GET /signatureProfiles | field 'answer["items"][0]["id"]')

echo "Create a workflow with one signer"
workflow=$(call POST "/users/$me/workflows" "${json[@]}" '{
  "name": "First signature",
  "steps": [{"stepType": "signature", "recipients": [{
    "email": "bob@example.org", "firstName": "Bob", "lastName": "Durand",
    "phoneNumber": "+33639980102", "country": "FR", "preferredLocale": "en", "consentPageId": "'"$consent"'"}]}]
}' | field 'answer["id"]')

echo "Add the document, with a visible block on its last page"
uploaded=$(call POST "/workflows/$workflow/parts?createDocuments=true&signatureProfileId=$profile" \
    --header 'Content-Type: application/pdf' --header 'Content-Disposition: attachment; filename="contract.pdf"' \
    --data-binary "@$document" | field 'answer["documents"][0]["id"]')
call PATCH "/documents/$uploaded" "${json[@]}" '{"pdfSignatureFields":
  [{"imagePage": -1, "imageX": 60, "imageY": 640, "imageWidth": 200, "imageHeight": 80}]}' >/dev/null

echo "Send it"
call PATCH "/workflows/$workflow" "${json[@]}" '{"workflowStatus": "started"}' >/dev/null

echo "Bob finds his invitation in the inbox and signs; waiting …"
until status=$(call GET "/workflows/$workflow" | field 'answer["workflowStatus"]'); [ "$status" = finished ]; do
    [ "$status" = started ] || { echo "The workflow is $status." >&2; exit 1; }
    sleep 1
done

call GET "/workflows/$workflow/downloadDocuments" --output signed.pdf
call GET "/workflows/$workflow/downloadEvidenceCertificate" --output evidence.pdf
echo "Here are signed.pdf and evidence.pdf."
