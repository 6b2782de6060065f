"""Check that a delivery comes from Mentiondesk and is unchanged. Python 3, nothing to install."""

import base64
import hashlib
import hmac
import time


def verify(secret, headers, body):
    """True when one of the signatures is right and the delivery is at most five minutes old.

    `headers` have their names in lower case; `body` is the bytes as they came, before anything parses them.
    """
    sent_at = headers.get("webhook-timestamp", "")
    if not sent_at.isdigit() or abs(time.time() - int(sent_at)) > 300:
        return False
    signed = f"{headers.get('webhook-id', '')}.{sent_at}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    # While a secret is being replaced there are two signatures; one of them is enough.
    given = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(one.encode(), expected.encode()) for one in given)
