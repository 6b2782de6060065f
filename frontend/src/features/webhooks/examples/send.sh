#!/bin/sh
# Send your own receiver a delivery as Mentiondesk would: SECRET=whsec_… URL=https://… sh send.sh
# Needs curl and openssl.
set -eu
id="evt_1"
timestamp=$(date +%s)
body='{"type":"ping","timestamp":"2026-01-01T00:00:00Z","data":{}}'
key=$(printf '%s' "${SECRET#whsec_}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')
signature=$(printf '%s.%s.%s' "$id" "$timestamp" "$body" |
  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | openssl base64 -A)
curl --silent --show-error --fail-with-body "$URL" \
  --header 'content-type: application/json' \
  --header "webhook-id: $id" \
  --header "webhook-timestamp: $timestamp" \
  --header "webhook-signature: v1,$signature" \
  --data-binary "$body"
